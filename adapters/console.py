"""The console as a chat platform: posting to it, telling people, and the prompt."""

import asyncio
import atexit
import hashlib
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import structlog
from rich.console import Console, RenderableType
from rich.text import Text

from adapters.inert import inert
from adapters.screen import (
    digest_view,
    listing_view,
    page_view,
    place_view,
    question_view,
    source_view,
    voices_view,
    why_view,
)
from bot import commands
from bot.answers import Answer, Listing, Notice, Page, PlaceReport, Question, SourceReport, Voices, Why
from bot.desk import Desk
from bot.errors import DatelineError
from bot.types import Briefing, Channel, Digest

with suppress(ImportError):  # not on Windows
    import readline  # noqa: F401 (importing it gives the prompt its line editing and history)
if sys.platform != "win32":
    import termios

log: Final = structlog.get_logger()

CHANNEL: Final = Channel("console", "local", "main")
PERSON: Final = "local"  # who sits at the console
QUIT: Final = frozenset({"/quit", "/exit", "quit", "exit"})


# --- posting and the prompt


class ConsoleChat:
    """The console as a platform with one channel: a ``bot.ports.Poster``, a ``Teller``, and a prompt for commands.

    Who sits at it may do everything.
    """

    platform = CHANNEL.platform

    def __init__(self, console: Console, desk: Desk, pictures: Path) -> None:
        self._console = console
        self._desk = desk
        self._pictures = pictures
        self._zone = ZoneInfo(desk.zone)

    def parts(self, digest: Digest) -> Sequence[Digest]:
        """The digest whole: a terminal takes any length."""
        return [digest]

    async def post(self, channel: Channel, digest: Digest, key: str, *, thread: str | None = None) -> str:  # noqa: ARG002 (the port's signature)
        """Shows the digest; the id of the message is the delivery's key."""
        self._console.print(await self.view(digest))
        return key

    async def find(self, channel: Channel, key: str, *, thread: str | None = None) -> str | None:  # noqa: ARG002 (the port's signature)
        """None: a terminal can't be asked what it has shown, so a post that was cut off is shown again."""
        return None

    async def edit(
        self,
        channel: Channel,  # noqa: ARG002 (the port's signature)
        message: str,  # noqa: ARG002 (as above)
        digest: Digest,
        key: str,  # noqa: ARG002 (as above)
        *,
        thread: str | None = None,  # noqa: ARG002 (as above)
    ) -> None:
        """Shows the digest again: what a terminal has printed stays."""
        self._console.print(await self.view(digest))

    async def tell(self, workspace: str, person: str, text: str) -> None:  # noqa: ARG002 (the port's signature)
        """Prints the words: whoever sits at the console is the person."""
        self._console.print(Text(inert(text), "yellow"))

    async def view(self, answer: Answer) -> RenderableType:
        """The answer as the console shows it, with maps drawn where it has places."""
        match answer:
            case Digest():
                return digest_view(answer, self._zone, await self._maps(answer))
            case PlaceReport():
                return place_view(answer, self._zone, await self._maps(answer.digest))
            case _:
                return _view(answer, self._zone)

    async def converse(self) -> None:
        """Takes commands and questions until /quit or the end of input."""
        self._console.print(Text("Type /help, a question, or /quit.", "dim"))
        _keep_terminal()
        while (line := await self._typed()) is not None and line.strip().lower() not in QUIT:
            if line.strip():
                await self.respond(line)

    async def respond(self, line: str) -> None:
        """Shows the answer to what was typed, or in words what is wrong with it."""
        try:
            answer = await commands.answer(self._desk, line, CHANNEL, PERSON, manager=True)
        except DatelineError as error:
            self._console.print(Text(inert(str(error)), "yellow"))
        else:
            self._console.print(await self.view(answer))

    async def _typed(self) -> str | None:
        """The next line, or None at the end of input. Its thread is a daemon: nothing can interrupt a read, and a
        pool's thread would keep a process that is told to stop until somebody presses Enter.
        """
        loop = asyncio.get_running_loop()
        line: asyncio.Future[str | None] = loop.create_future()

        def settle(typed: str | None) -> None:
            if not line.done():
                line.set_result(typed)

        def read() -> None:
            typed = self._ask()
            with suppress(RuntimeError):  # the loop has gone: nobody waits for the line
                loop.call_soon_threadsafe(settle, typed)

        threading.Thread(target=read, daemon=True).start()
        return await line

    def _ask(self) -> str | None:
        """The line; None at the end of input, or where the terminal has gone."""
        try:
            return self._console.input("[bold cyan]dateline>[/] ")
        except (EOFError, OSError):
            return None
        except UnicodeError:
            return "/"  # bytes that are no text: no command, and the answer says so

    async def _maps(self, digest: Digest) -> list[Path | None]:
        return [await self._map(briefing) for briefing in digest.briefings]

    async def _map(self, briefing: Briefing) -> Path | None:
        picture = await self._desk.answers.map(briefing)
        if picture is None:
            return None
        path = self._pictures / f"{hashlib.sha256(picture).hexdigest()[:12]}.png"
        try:
            await asyncio.to_thread(_write, path, picture)
        except OSError as error:  # a full disk costs the picture, not the briefing
            log.warning("the map can't be written", path=str(path), error=error.strerror)
            return None
        return path


def _view(answer: SourceReport | Voices | Why | Question | Listing | Page | Notice, zone: ZoneInfo) -> RenderableType:
    """An answer without maps."""
    match answer:
        case SourceReport():
            return source_view(answer, zone)
        case Voices():
            return voices_view(answer, zone)
        case Why():
            return why_view(answer, zone)
        case Question():
            return question_view(answer)
        case Listing():
            return listing_view(answer)
        case Page():
            return page_view(answer)
        case Notice():
            return Text(inert(answer.text))


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _keep_terminal() -> None:
    """Has the terminal's modes put back when the process ends: a prompt that is left in the middle keeps its own.

    Only then is it certain that the prompt's thread, which can't be stopped, doesn't change them afterwards.
    """
    if sys.platform == "win32" or sys.stdin is None or not sys.stdin.isatty():
        return
    modes = termios.tcgetattr(sys.stdin)

    def put_back() -> None:
        with suppress(termios.error):  # the terminal has gone
            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, modes)

    atexit.register(put_back)

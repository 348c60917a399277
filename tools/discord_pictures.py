"""Makes the pictures in docs/ of what Dateline posts on Discord, from the sample articles in seeds/.

    pip install "dateline[pictures]"; playwright install chromium
    python tools/discord_pictures.py docs

It posts over the real adapter into a simulated Discord (https://simcord.readthedocs.io/) and photographs what simcord's
preview shows: two answers at the width of a phone, the digest at that of a desk. No network, no account.
"""

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import discord
import simcord
from PIL import Image
from simcord import ChannelHandle, Env

from adapters.discord.pictures import drawn
from adapters.discord.poster import rendered
from adapters.discord.render import messages
from adapters.discord.views import NO_PINGS, files, view
from adapters.layout import layout
from bot.answers import PlaceReport, Question
from bot.app import App, open_app
from bot.config import load
from bot.types import Channel, Digest, Length

SEEDS: Final = Path(__file__).parents[1] / "seeds"
ZONE: Final = ZoneInfo("UTC")
WIDTHS: Final = {"briefing": 390, "place": 390, "digest": 960}  # CSS pixels
HEIGHT: Final = 4000  # more than any of them takes
LARGEST: Final = 200_000  # bytes of a picture
IDENT: Final = "0" * 16
COLOURS: Final = 256
POSTED: Final = datetime(2026, 11, 19, 6, 30, tzinfo=UTC)  # the morning after the sample articles


async def main(folder: Path) -> None:
    """Writes discord-briefing.png, discord-place.png and discord-digest.png into the folder."""
    client = discord.Client(intents=discord.Intents(guilds=True))
    async with read_seeds() as (app, here), simcord.run(client) as env:
        await env.advance_time((POSTED - env.now()).total_seconds())
        env.backend.bot_user.name = "Dateline"
        room = env.create_guild("Newsroom").create_text_channel("news")
        reader = env.guild.add_member(env.create_user("reader"))
        answers: dict[str, Digest | PlaceReport | Question] = {
            "briefing": await app.desk.answers.brief(here.tenant, "Kupiansk"),
            "place": await app.desk.answers.where(here.tenant, "Kupiansk"),
            "digest": await whole_digest(app, here),
        }
        shown = {name: await post(app, env, room, answer) for name, answer in answers.items()}
        async with env.preview(room, viewers=[reader]) as preview:
            for name, message in shown.items():
                shot = await preview.screenshot(target=message, viewport=(WIDTHS[name], HEIGHT))
                save(shot.png or b"", folder / f"discord-{name}.png")


@asynccontextmanager
async def read_seeds() -> AsyncIterator[tuple[App, Channel]]:
    """Dateline with the sample articles read, on a store that goes afterwards."""
    here = Channel("discord", "1", "2")
    with tempfile.TemporaryDirectory() as folder:
        config = load(environ={}).model_copy(update={"store": Path(folder) / "store.sqlite3"})
        async with open_app(config) as app:
            await app.desk.intake.folder(here.tenant, SEEDS)
            await app.desk.intake.read()
            yield app, here


async def whole_digest(app: App, here: Channel) -> Digest:
    """A digest of all sample articles."""
    pairs = await app.store.articles(here.tenant)
    return await app.desk.answers.digest("Morning digest", pairs, None, Length.SHORT)


async def post(app: App, env: Env, room: ChannelHandle, answer: Digest | PlaceReport | Question) -> discord.Message:
    """Posts the answer's first message."""
    if isinstance(answer, Question):
        raise SystemExit(f"the sample articles don't say which place is meant: {answer.text}")
    digest = answer.digest if isinstance(answer, PlaceReport) else answer
    first, *_ = rendered(answer, ZONE, IDENT) if answer is digest else messages(layout(answer, ZONE, IDENT))
    maps = await drawn([first], digest.briefings, app.desk.answers.map)
    chat = env.bot.get_partial_messageable(room.id)
    return await chat.send(view=view(first, maps), files=files(first, maps), allowed_mentions=NO_PINGS)


def save(png: bytes, path: Path) -> None:
    """Writes the picture in few enough colours to be small."""
    with Image.open(BytesIO(png)) as picture:
        picture.convert("RGB").quantize(COLOURS).save(path, optimize=True)
    if path.stat().st_size > LARGEST:
        sys.exit(f"{path} has {path.stat().st_size} bytes: more than {LARGEST}")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))

"""Polling, measured: ``python -m tests.bench.polling``. Ours beside the ``reader`` package, if that is installed.

A loopback server in a process of its own serves feeds of 20 entries with ETags; each feed has an address of its own in
127.0.0.0/8, so that limits per host don't bind. Every poller runs in a fresh process. Both poll every feed for the
first time, and then every feed unchanged. CPU seconds are those of the polling process alone.
"""

import argparse
import asyncio
import importlib.util
import multiprocessing
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

ENTRIES = 20
START = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
_SENTENCE = "The harbour board of town {feed} said on Monday that pier {entry} will stay shut until the storm is over. "


# --- the server


def feed_body(number: int, offset: int = 0) -> bytes:
    """The RSS feed of that number: 20 entries, the newest ``offset`` later than at first."""
    items = "".join(_item(number, entry) for entry in range(offset + ENTRIES, offset, -1))
    head = (
        f"<title>Town {number} Courier</title><link>http://town{number}.example/</link><description>News</description>"
    )
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{head}{items}</channel></rss>'.encode()


def _item(feed: int, entry: int) -> str:
    published = START + timedelta(minutes=entry)
    text = "".join(f"&lt;p&gt;{_SENTENCE.format(feed=feed, entry=entry)}&lt;/p&gt;" for _ in range(8))
    return (
        f"<item><title>Pier {entry} of town {feed} stays shut</title>"
        f"<link>http://town{feed}.example/{entry}</link><guid>town-{feed}-{entry}</guid>"
        f"<pubDate>{published:%a, %d %b %Y %H:%M:%S} GMT</pubDate><description>{text}</description></item>"
    )


@dataclass
class FeedServer:
    """Serves feeds by number, remembers how each has grown, and counts its answers."""

    grown: dict[int, int] = field(default_factory=dict)  # by feed: entries beyond the first twenty
    answered: Counter[int] = field(default_factory=Counter)  # by status

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        try:
            while True:
                request = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
                writer.write(self._answer(request))
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()

    def _answer(self, request: str) -> bytes:
        _, purpose, number = request.split(" ", 2)[1].split("/")
        if purpose == "grow":
            self.grown[int(number)] = self.grown.get(int(number), 0) + 1
            return b"HTTP/1.1 204 No Content\r\n\r\n"
        if purpose == "answered":
            counted = str(self.answered[int(number)]).encode()
            return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(counted), counted)
        return self._feed(int(number), request)

    def _feed(self, number: int, request: str) -> bytes:
        tag = f'"{self.grown.get(number, 0)}"'
        if f"if-none-match: {tag}" in request:
            self.answered[304] += 1
            return f"HTTP/1.1 304 Not Modified\r\nETag: {tag}\r\n\r\n".encode()
        self.answered[200] += 1
        body = feed_body(number, self.grown.get(number, 0))
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nETag: {tag}\r\nContent-Length: {len(body)}"
        return f"{head}\r\n\r\n".encode() + body


def _serve(told: Connection) -> None:
    async def main() -> None:
        # On all of 127.0.0.0/8: each feed has an address of its own there.
        server = await asyncio.start_server(FeedServer().accept, "0.0.0.0", 0, backlog=1000)  # noqa: S104
        told.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(main())


@contextmanager
def serving() -> Iterator[int]:
    """The port of a feed server in a process of its own."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        process.kill()
        process.join()


def address(port: int, number: int) -> str:
    """The address of the feed of that number."""
    return f"http://127.{1 + number // 62_500}.{number // 250 % 250}.{1 + number % 250}:{port}/feed/{number}"


# --- the pollers


@dataclass(frozen=True)
class Round:
    """What one round of polls took."""

    polls: int
    entries: int  # that were stored in all
    wall: float  # seconds
    cpu: float  # seconds
    resident: int  # MB, the most so far


def _timed(work: Callable[[], Any], polls: int, entries: Callable[[], int]) -> Round:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return Round(polls, entries(), wall, cpu, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)


def poll_with_reader(port: int, feeds: int, folder: Path) -> list[Round]:
    """The rounds as the ``reader`` package makes them, ten workers."""
    from reader import make_reader  # type: ignore[import-not-found]  # not among our dependencies

    reader = make_reader(str(folder / "reader.sqlite"))
    for number in range(feeds):
        reader.add_feed(address(port, number))

    def entries() -> int:
        return int(reader.get_entry_counts().total)

    return [_timed(lambda: reader.update_feeds(workers=10, scheduled=False), feeds, entries) for _ in range(2)]


def poll_with_ours(port: int, feeds: int, folder: Path) -> list[Round]:
    """The rounds as the intake desk makes them, with the store, without reading."""
    from tests.bench.polling_ours import Ours

    with asyncio.Runner() as runner:
        ours = runner.run(Ours.open(folder / "ours.sqlite"))
        runner.run(ours.follow(address(port, number) for number in range(feeds)))
        rounds = []
        for _ in range(2):
            rounds.append(_timed(lambda: runner.run(ours.poll()), feeds, lambda: runner.run(ours.entries())))
            ours.clock.advance(hours=24)
        runner.run(ours.close())
    return rounds


@dataclass(frozen=True)
class Day:
    """What some simulated hours of many feeds took."""

    hours: float
    polls: int
    unchanged: int  # of them: 304
    entries: int  # that came in after the first polls
    first: float  # CPU seconds that the first polls took
    cpu: float  # CPU seconds of all the rest
    longest: float  # wall seconds of the longest round after the first
    late: int  # feeds that were still due after a round
    resident: int  # MB, the most


def simulate(port: int, feeds: int, hours: float, folder: Path) -> Day:
    """``feeds`` feeds polled each simulated minute as they fall due; 20 new entries an hour among them."""
    from tests.bench.polling_ours import Ours

    with asyncio.Runner() as runner:
        ours = runner.run(Ours.open(folder / "ours.sqlite"))
        runner.run(ours.follow(address(port, number) for number in range(feeds)))
        first = _timed(lambda: runner.run(ours.poll()), feeds, lambda: runner.run(ours.entries()))
        cpu, longest, late = 0.0, 0.0, 0
        for minute in range(1, round(hours * 60) + 1):
            ours.clock.advance(minutes=1)
            if minute % 3 == 0:
                runner.run(ours.fetcher.get(address(port, minute * 7919 % feeds).replace("/feed/", "/grow/")))
            one = _timed(lambda: runner.run(ours.poll()), 0, lambda: len(runner.run(ours.due())))
            cpu, longest, late = cpu + one.cpu, max(longest, one.wall), late + one.entries
        asked = address(port, 0).rpartition("/feed/")[0]
        statuses = (304, 200)
        unchanged, changed = (int(runner.run(ours.fetcher.get(f"{asked}/answered/{one}")).body) for one in statuses)
        entries = runner.run(ours.entries()) - first.entries
        runner.run(ours.close())
    resident = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return Day(hours, unchanged + changed, unchanged, entries, first.cpu, cpu, longest, late, resident)


POLLERS = {"ours": poll_with_ours, "reader": poll_with_reader}


def _run(poller: str, port: int, feeds: int, told: Connection) -> None:
    with tempfile.TemporaryDirectory() as folder:
        told.send([asdict(one) for one in POLLERS[poller](port, feeds, Path(folder))])


def measure(poller: str, port: int, feeds: int) -> list[Round]:
    """The rounds of a poller in a process of its own."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_run, args=(poller, port, feeds, theirs))
    process.start()
    theirs.close()
    try:
        return [Round(**one) for one in ours.recv()]
    finally:
        process.join()


def _simulate(port: int, feeds: int, hours: float, told: Connection) -> None:
    with tempfile.TemporaryDirectory() as folder:
        told.send(asdict(simulate(port, feeds, hours, Path(folder))))


def measure_day(port: int, feeds: int, hours: float) -> Day:
    """The simulation in a process of its own, on one core."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_simulate, args=(port, feeds, hours, theirs))
    process.start()
    theirs.close()
    try:
        return Day(**ours.recv())
    finally:
        process.join()


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.polling", description=__doc__)
    parser.add_argument("--feeds", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=1, help="how often each poller has its turn")
    parser.add_argument("--hours", type=float, help="simulate so many hours of the feeds instead")
    options = parser.parse_args()
    with serving() as port:
        if options.hours:
            Console().print(measure_day(port, options.feeds, options.hours))
        else:
            Console().print(_compared(port, options.feeds, options.rounds))
    return 0


def _compared(port: int, feeds: int, rounds: int) -> Table:
    pollers = [name for name in POLLERS if name != "reader" or importlib.util.find_spec("reader")]
    table = Table("poller", "round", "polls/s", "CPU s per 1,000", "entries", "MB")
    for name in pollers * rounds:
        for label, one in zip(("first", "unchanged"), measure(name, port, feeds), strict=True):
            speed, cpu = f"{one.polls / one.wall:.0f}", f"{one.cpu * 1000 / one.polls:.2f}"
            table.add_row(name, label, speed, cpu, str(one.entries), str(one.resident))
    return table


if __name__ == "__main__":
    sys.exit(main())

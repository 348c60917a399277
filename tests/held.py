"""A desk that takes its time, to show that people are acknowledged before it does anything."""

import asyncio
from dataclasses import fields, replace
from typing import Any

from bot.desk import Desk


class _Held:
    """A part of the desk where everything that is asked for waits until the gate opens."""

    def __init__(self, part: Any, gate: asyncio.Event) -> None:
        self._part, self._gate = part, gate

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._part, name)
        if not asyncio.iscoroutinefunction(found):
            return _Held(found, self._gate) if hasattr(found, "__dict__") and not callable(found) else found

        async def later(*args: Any, **options: Any) -> Any:
            await self._gate.wait()
            return await found(*args, **options)

        return later


def held(desk: Desk, gate: asyncio.Event) -> Desk:
    """The desk, where nothing that takes time is done before the gate opens."""
    plain = {"clock", "zone", "hours", "roles"}
    parts = {one.name: _Held(getattr(desk, one.name), gate) for one in fields(desk) if one.name not in plain}
    return replace(desk, **parts)  # type: ignore[arg-type]  # stand-ins that do as the parts do, later

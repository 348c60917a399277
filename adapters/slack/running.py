"""What is being done for somebody, so that the service stops nothing halfway: slack-bolt itself lets go of it."""

import asyncio
from typing import Any, Final

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.listener.async_listener_start_handler import AsyncListenerStartHandler

log: Final = structlog.get_logger()

FINISH_WITHIN: Final = 10.0  # seconds


class Running(AsyncListenerStartHandler):
    """Knows the listeners at work: slack-bolt tells it as each begins, in the task that it begins in."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def watch(self, app: AsyncApp) -> None:
        """Is told of the app's listeners from now on."""
        app.listener_runner.listener_start_handler = self

    async def handle(self, *_args: object, **_kwargs: object) -> None:
        """One begins; slack-bolt's name."""
        if task := asyncio.current_task():
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def finish(self) -> None:
        """Returns when all have ended, if need be by being broken off."""
        tasks = self._tasks - {asyncio.current_task()}
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=FINISH_WITHIN)
        if late:
            log.warning("answers that take too long are broken off", count=len(late))
            for one in late:
                one.cancel()
            await asyncio.wait(late)

"""Logs: for people on a terminal, JSON lines elsewhere; always on standard error."""

import logging
import sys
from typing import Any, Literal

import structlog
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict, WrappedLogger

_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


def set_up(level: str = "info", form: Literal["auto", "human", "json"] = "auto") -> None:
    """Sends every log line, the libraries' too, to standard error in one form."""
    human = form == "human" or (form == "auto" and sys.stderr.isatty())
    # Neither form shows local variables: among them are passwords and whole articles.
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[Any] = (
        [_visible, structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
        if human
        else [
            structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
            structlog.processors.JSONRenderer(),
        ]
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(_LEVELS[level])
    for chatty in (
        "aiosqlite",
        "alembic",
        "apscheduler",
        "httpcore2",
        "httpx2",
        "openai",
    ):  # a line per query, step or job says nothing
        logging.getLogger(chatty).setLevel(max(_LEVELS[level], logging.WARNING))


def _visible(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """The event with control characters spelt out: part of it comes from outside, and a terminal would obey them."""
    return {key: _spelt(value) if isinstance(value, str) else value for key, value in event.items()}


def _spelt(text: str) -> str:
    return "".join(c if c.isprintable() or c == "\n" else ascii(c)[1:-1] for c in text)

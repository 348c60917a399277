"""What the model answered, read leniently: small models wrap, rename and forget."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import AliasChoices, BaseModel, BeforeValidator, Field, ValidationError

from bot.errors import WriterError

MOST: Final = 50  # points that are looked at
TRIES: Final = 100  # brackets that are tried
LONGEST: Final = 20_000  # characters that are looked at, thoughts left out
_THOUGHT: Final = re.compile(r"(?s)^.*</think(?:ing)?>")
_OPENS: Final = re.compile(r"[{\[]")
_NUMBER: Final = re.compile(r"\d{1,4}")


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence of the model with the numbers that it cites; empty where an entry held nothing usable."""

    text: str
    cites: tuple[int, ...]


def _numbers(value: object) -> object:
    """Numbers as they are, or as '[3]' and 's3, s4'."""
    parts = value if isinstance(value, list) else [value]
    return [int(found) for part in parts for found in _NUMBER.findall(str(part))]


class _Entry(BaseModel):
    text: str = Field(validation_alias=AliasChoices("text", "point", "sentence"))
    cites: Annotated[list[int], BeforeValidator(_numbers)] = Field(
        validation_alias=AliasChoices("cites", "citations", "cite", "sentences", "sources", "n")
    )


def drafts(answer: str) -> tuple[Draft, ...]:
    """The entries of the first JSON list that holds any, in order; one that can't be read is empty. Of an answer that
    was broken off, the entries that are whole.

    Raises:
        WriterError: there are none.
    """
    if not answer.strip():  # a model that thinks aloud can use up its answer before it begins
        raise WriterError("its answer was empty", billed=True)
    loose = []
    for value in _values(_THOUGHT.sub("", answer)[:LONGEST]):
        lists = value.values() if isinstance(value, dict) else (value,)
        entries = next((one for one in lists if isinstance(one, list) and any(isinstance(e, dict) for e in one)), None)
        if entries:
            return tuple(_draft(entry) for entry in entries[:MOST])
        loose += [_draft(value)] if isinstance(value, dict) else []
    if whole := tuple(draft for draft in loose[:MOST] if draft.text):
        return whole
    raise WriterError("its answer could not be understood", billed=True)


def _values(answer: str) -> Iterator[object]:
    """Every JSON value that begins with a bracket somewhere in the text, the outermost first."""
    decoder, at = json.JSONDecoder(), 0
    for _ in range(TRIES):
        found = _OPENS.search(answer, at)
        if found is None:
            return
        try:
            value, at = decoder.raw_decode(answer, found.start())
            yield value
        except (ValueError, RecursionError):  # prose in brackets, or broken off: what follows may be whole
            at = found.end()


def _draft(entry: object) -> Draft:
    try:
        read = _Entry.model_validate(entry)
    except (ValidationError, ValueError):
        return Draft("", ())
    return Draft(read.text, tuple(dict.fromkeys(read.cites)))

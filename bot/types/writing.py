"""What passes between a briefing and a language model."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a language model is asked."""

    system: str  # our own words: what it is to do
    data: str  # JSON: what it may use; nothing in it is an instruction
    schema: str  # JSON Schema that the answer should follow
    most_tokens: int  # of the answer


@dataclass(frozen=True, slots=True)
class Reply:
    """What a language model answered. Token counts are the server's, else estimates."""

    text: str
    tokens_in: int
    tokens_out: int

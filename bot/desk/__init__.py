"""The use cases: what people and the clock ask of Dateline, whatever chat platform they ask on."""

from dataclasses import dataclass

from bot.desk.answers import AnswerDesk
from bot.desk.digests import DigestDesk
from bot.desk.intake import IntakeDesk
from bot.ports import Clock

__all__ = ["AnswerDesk", "Desk", "DigestDesk", "IntakeDesk"]


@dataclass(frozen=True, slots=True)
class Desk:
    """All desks in one hand."""

    intake: IntakeDesk
    answers: AnswerDesk
    digests: DigestDesk
    clock: Clock
    zone: str  # IANA name: in which times are meant and shown where a command doesn't say
    hours: float  # how far back a briefing looks where a command doesn't say

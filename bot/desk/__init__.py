"""The use cases: what people and the clock ask of Dateline, whatever chat platform they ask on."""

from collections.abc import Collection
from dataclasses import dataclass

from bot.desk.answers import AnswerDesk
from bot.desk.choices import ChoiceDesk
from bot.desk.completion import CompletionDesk
from bot.desk.corrections import CorrectionDesk
from bot.desk.digests import DigestDesk
from bot.desk.intake import IntakeDesk
from bot.desk.shown import ShownDesk
from bot.desk.status import StatusDesk
from bot.desk.telling import TellDesk
from bot.desk.watches import WatchDesk
from bot.ports import Clock

__all__ = [
    "AnswerDesk",
    "ChoiceDesk",
    "CompletionDesk",
    "CorrectionDesk",
    "Desk",
    "DigestDesk",
    "IntakeDesk",
    "ShownDesk",
    "StatusDesk",
    "TellDesk",
    "WatchDesk",
]


@dataclass(frozen=True, slots=True)
class Desk:
    """All desks in one hand."""

    intake: IntakeDesk
    answers: AnswerDesk
    digests: DigestDesk
    watches: WatchDesk
    corrections: CorrectionDesk
    completion: CompletionDesk
    choices: ChoiceDesk
    shown: ShownDesk
    status: StatusDesk
    telling: TellDesk
    clock: Clock
    zone: str  # IANA name: in which times are meant and shown where a command doesn't say
    hours: float  # how far back a briefing looks where a command doesn't say
    roles: tuple[str, ...] = ()  # names or ids of the platform's roles whose bearers may manage

    def may_manage(self, right: bool, roles: Collection[str]) -> bool:
        """Whether a person may: one with the platform's ``right`` to manage, or in a role that is configured."""
        return right or bool(set(self.roles) & set(roles))

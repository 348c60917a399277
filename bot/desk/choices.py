"""Questions whose choices fit on buttons and outlive a restart."""

from dataclasses import replace

from bot.answers import Question
from bot.store import Store, choice_id


class ChoiceDesk:
    """Keeps what was offered, by an id."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def offer(self, workspace: str, question: Question) -> Question:
        """The question with an id for each choice, under which it can be chosen from now on."""
        await self._store.offer(workspace, [choice.command for choice in question.choices])
        choices = (replace(choice, id=choice_id(workspace, choice.command)) for choice in question.choices)
        return replace(question, choices=tuple(choices))

    async def chosen(self, workspace: str, ident: str) -> str:
        """The command that the choice stands for. Raises NotFound: it wasn't offered here, or long ago."""
        return await self._store.chosen(workspace, ident)

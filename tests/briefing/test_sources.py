"""Who a briefing lists as sources."""

from bot.briefing import sources
from bot.types import Attribution, Reading, Source, SourceKind, Span


def reading(article: str, name: str) -> Reading:
    said = Attribution(name, Span(0, 4), Span(5, 9), (Span(10, 20),), direct=False)
    return Reading(article, "en", (), (), (Source(name, SourceKind.PERSON),), (said,))


def test_two_articles_spellings_of_one_name_are_one_source() -> None:
    listed = sources.attributed([reading("a", "Taras Vynogradov"), reading("b", "Taras Vynohradov")])
    assert [(one.source.name, one.source.aliases, len(one.statements)) for one in listed] == [
        ("Taras Vynogradov", ("Taras Vynohradov",), 2)
    ]


def test_people_with_other_first_names_stay_two() -> None:
    listed = sources.attributed([reading("a", "Taras Vynogradov"), reading("b", "Ivan Vynohradov")])
    assert len(listed) == 2

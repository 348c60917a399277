"""Small stories with a disagreement in them, and others that only look so. ``{}`` holds what the speaker says."""

import re
from collections.abc import Sequence
from datetime import timedelta

import pytest

from bot.briefing.disagreements import find
from bot.types import Article, Attribution, MentionKind, Place, Reading, Source, Span, Stance
from tests.briefing import build

Line = tuple[str, str]  # the speaker, empty for the article itself, and the sentence
PLACES: dict[str, Place | None] = {"Halden": build.HALDEN, "Sarpsborg": build.SARP}
ARMIES: dict[str, Place | None] = {"Norwegian": build.NORWAY, "Swedish": build.SWEDEN}


def told(lines: Sequence[Line], ident: str) -> tuple[Article, Reading]:
    """The article of those lines with a reading that finds the speakers, the places and the armies."""
    text, spoken, sources = "", list[Attribution](), dict[str, Source]()
    for speaker, line in lines:
        text += " " * bool(text)
        start, bare = len(text), line.replace("{", "").replace("}", "")
        if speaker:
            opened = line.index("{")
            content = Span(start + opened, start + line.index("}") - 1)
            cue = re.search(r"said|says|denied|blamed|told|put", bare)
            assert cue
            stance = Stance.DENIES if cue.group() == "denied" else Stance.SAYS
            where = Span(start + cue.start(), start + cue.end())
            sources[speaker] = build.organisation(speaker)
            spoken.append(Attribution(speaker, None, where, (content,), False, stance))
        text += bare
    of = build.article(text, ident, outlet=ident)
    places = [*build.toponyms(text, PLACES), *build.toponyms(text, ARMIES, MentionKind.ASSOCIATIVE)]
    return of, build.reading(of, places=places, sources=list(sources.values()), attributions=spoken)


def found(*articles: Sequence[Line]) -> list[str]:
    pairs = [told(lines, f"a{number}") for number, lines in enumerate(articles)]
    return [one.about for one in find([of for of, _ in pairs], [read for _, read in pairs])]


POLICE, UNION, OWNER, WARD = "Halden Police", "Dockers Union", "Fjord Lines", "Vik Hospital"
NORTH, SOUTH = "Norwegian command", "Swedish command"

TRUE: dict[str, tuple[list[list[Line]], str]] = {
    "marchers": (
        [
            [(POLICE, "Halden Police said {3,000 people marched through Halden against the new toll}.")],
            [(UNION, "The Dockers Union said {12,000 people marched through Halden against the toll}.")],
        ],
        "number of people",
    ),
    "strikers": (
        [
            [
                (UNION, "The Dockers Union said {900 workers joined the strike at the port}."),
                (OWNER, "Fjord Lines said {140 workers joined the strike at the port}."),
            ]
        ],
        "number of workers",
    ),
    "dead": (
        [
            [(POLICE, "Halden Police said {six people were killed in Halden}.")],
            [(WARD, "Vik Hospital said {nine people were killed in Halden}.")],
        ],
        "number killed",
    ),
    "ships": (
        [
            [
                (OWNER, "Some {74 ships are waiting}, Fjord Lines said."),
                (POLICE, "Halden Police put {the number at 46}."),
            ]
        ],
        "number of ships",
    ),
    "quake": (
        [
            [("Bergen Observatory", "Bergen Observatory said {the quake off Halden had a magnitude of 5.1}.")],
            [("Uppsala Institute", "The Uppsala Institute said {it was a 5.6 magnitude quake off Halden}.")],
        ],
        "magnitude",
    ),
    "blame": (
        [
            [
                ("Foreign Ministry", "The Foreign Ministry blamed {Swedish troops for the shelling of the bridge}."),
                ("Defence Council", "The Defence Council blamed {Norwegian troops for the shelling of the bridge}."),
            ]
        ],
        "who did it",
    ),
    "not hit": (
        [
            [
                (NORTH, "The Norwegian command said {the fuel depot in Halden was hit by drones}."),
                (POLICE, "Halden Police said {the fuel depot in Halden was not hit by drones}."),
            ]
        ],
        "what happened in Halden",
    ),
    "not signed": (
        [
            [(OWNER, "Fjord Lines said {the union signed the wage contract on Monday}.")],
            [(UNION, "The Dockers Union said {the union never signed the wage contract on Monday}.")],
        ],
        "whether it happened",
    ),
    "denied": (
        [
            [
                (POLICE, "Halden Police said {the tanker struck the ferry in the fog}."),
                (OWNER, "Fjord Lines denied {that the tanker struck the ferry}."),
            ]
        ],
        "whether it happened",
    ),
    "held": (
        [
            [
                (NORTH, "The Norwegian command said {Norwegian troops now held Halden}."),
                (SOUTH, "The Swedish command said {Swedish units continued to hold Halden}."),
            ]
        ],
        "control of Halden",
    ),
}

ALIKE: dict[str, list[list[Line]]] = {
    "a number of something else": [
        [
            (POLICE, "Halden Police said {eleven people died when thieves stormed the port of Halden}."),
            (OWNER, "Fjord Lines put {the number of thieves at 300}."),
        ]
    ],
    "a number of what the same sentence counts": [
        [
            (POLICE, "Halden Police said {three shells fell on the port of Halden}."),
            (WARD, "One docker was hurt, Vik Hospital said {so}; the harbour office speaks of two."),
        ]
    ],
    "a group among the dead": [
        [
            (WARD, "Vik Hospital said {23 people were killed at the port of Halden}."),
            (POLICE, "Halden Police said {two officers died at the port of Halden}."),
        ]
    ],
    "marches in two towns": [
        [(POLICE, "Halden Police said {3,000 people marched through Halden against the new toll}.")],
        [(UNION, "The Dockers Union said {12,000 people marched through Sarpsborg against the toll}.")],
    ],
    "marches on two days": [
        [
            (POLICE, "Halden Police said {3,000 people marched through Halden on Monday}."),
            (UNION, "The Dockers Union said {12,000 people marched through Halden on Sunday}."),
        ]
    ],
    "two things that are counted": [
        [
            (OWNER, "Fjord Lines said {40 workers were hired for the summer in Halden}."),
            (UNION, "The Dockers Union said {90 workers were dismissed over unpaid wages}."),
        ]
    ],
    "a part of it": [
        [
            (POLICE, "Halden Police said {3,000 people marched through Halden}."),
            (WARD, "Vik Hospital said {another 40 people marched through Halden with stretchers}."),
        ]
    ],
    "one speaker's two counts": [
        [
            (POLICE, "Halden Police said {300 people were in the square of Halden}."),
            (POLICE, "Later, Halden Police said {500 people were in the square of Halden}."),
        ]
    ],
    "an aftershock": [
        [
            ("Bergen Observatory", "Bergen Observatory said {the quake off Halden had a magnitude of 5.1}."),
            ("Uppsala Institute", "The Uppsala Institute said {an aftershock off Halden had a magnitude of 3.9}."),
        ]
    ],
    "blamed for two things": [
        [
            ("Foreign Ministry", "The Foreign Ministry blamed {Swedish troops for the shelling of the bridge}."),
            ("Defence Council", "The Defence Council blamed {Norwegian troops for the raid on a bakery}."),
        ]
    ],
    "one is blamed by two": [
        [
            ("Foreign Ministry", "The Foreign Ministry blamed {Swedish troops for the shelling of the bridge}."),
            (WARD, "Vik Hospital blamed {the Swedish army for the shelling of the bridge}."),
        ]
    ],
    "not yet": [
        [
            (NORTH, "The Norwegian command said {the fuel depot in Halden was hit by drones}."),
            (POLICE, "Halden Police said {the fuel depot in Halden might not open}."),
        ]
    ],
    "another was not hit": [
        [
            (NORTH, "The Norwegian command said {the fuel depot in Halden was hit by drones}."),
            (POLICE, "Halden Police said {the grain silo in Sarpsborg was not hit by drones}."),
        ]
    ],
    "killed and injured": [
        [
            (POLICE, "Halden Police said {six people were killed in Halden}."),
            (WARD, "Vik Hospital said {nine people were injured in Halden}."),
        ]
    ],
    "two towns held": [
        [
            (NORTH, "The Norwegian command said {Norwegian troops now held Halden}."),
            (SOUTH, "The Swedish command said {Swedish units continued to hold Sarpsborg}."),
        ]
    ],
}


@pytest.mark.parametrize("name", TRUE)
def test_what_cannot_both_hold_is_found(name: str) -> None:
    articles, about = TRUE[name]
    assert found(*articles) == [about]


@pytest.mark.parametrize("name", ALIKE)
def test_what_only_looks_alike_is_not(name: str) -> None:
    assert found(*ALIKE[name]) == []


def test_a_later_count_of_marchers_is_an_update() -> None:
    (first, second), _ = TRUE["marchers"]
    of, read = told(first, "a")
    later, again = told(second, "b")
    assert find([of, later], [read, again])
    later = Article(later.id, later.text, outlet="b", published=build.NOW + timedelta(days=1))
    assert not find([of, later], [read, again])

import pytest

from bot.briefing.support import check

EVIDENCE = ["The harbour office in Halden said on Friday that 12 sailors might have drowned when the ferry sank."]


@pytest.mark.parametrize(
    "statement",
    [
        EVIDENCE[0],
        "The harbour office said that 12 sailors might have drowned.",
        "On Friday, the harbour office said twelve sailors might have drowned.",
    ],
)
def test_what_the_evidence_says_is_supported(statement: str) -> None:
    verdict = check(statement, EVIDENCE)
    assert verdict.supported, verdict
    assert verdict.reasons == ()
    assert verdict.score >= 0.5


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("The harbour office said that 21 sailors might have drowned.", "number 21"),
        ("The harbour office in Bergen said that 12 sailors might have drowned.", "Bergen"),
        ("The harbour office said on Sunday that 12 sailors might have drowned.", "Sunday"),
        ("The harbour office said that 12 sailors have drowned when the ferry sank.", "surer"),
        ("The harbour office did not say that 12 sailors might have drowned when the ferry sank.", "denies"),
        ("12 sailors might have drowned when the ferry sank.", "who says"),
        ("", "nothing"),
    ],
)
def test_what_was_turned_is_not_and_the_reason_is_named(statement: str, reason: str) -> None:
    verdict = check(statement, EVIDENCE)
    assert not verdict.supported
    assert any(reason in why for why in verdict.reasons), verdict
    assert 0 <= verdict.score < 0.5


def test_a_lost_negation_is_seen() -> None:
    verdict = check("The ferry was insured, Lund said.", ["The ferry was not insured, Lund said."])
    assert verdict.reasons == ("it states what the evidence denies",)


def test_words_scattered_over_the_evidence_are_no_support() -> None:
    evidence = [
        "The mayor opened a school.",
        "A storm closed the airport.",
        "Voters want cheaper bread.",
        "Trams stopped.",
    ]
    assert not check("Voters closed the airport and opened a school with trams.", evidence).supported


@pytest.mark.parametrize(
    ("statement", "evidence", "reason"),
    [
        ("Vik sued Lund over the ferry.", "Lund sued Vik over the ferry.", "exchanges Vik and Lund"),
        ("Vik sued Lund over the ferry.", "Vik was sued by Lund over the ferry.", "exchanges Vik and Lund"),
        ("Lund praised the crew of the ferry.", "Lund, the former mayor, praised the crew of the ferry.", None),
        ("Lund, the mayor, praised the crew.", "Lund, the former mayor, praised the crew.", "leaves out 'former'"),
        ("Fares on the ferry fell in Halden.", "Fares on the ferry rose in Halden.", "opposite of rose"),
        ("Vik was sued by Lund over the ferry.", "Lund sued Vik over the ferry.", None),
    ],
)
def test_who_did_what_to_whom(statement: str, evidence: str, reason: str | None) -> None:
    verdict = check(statement, [evidence])
    assert [reason in why for why in verdict.reasons] == [True] if reason else verdict.supported, verdict


@pytest.mark.parametrize(
    ("statement", "evidence", "reason"),
    [
        ("Seven died and two were hurt in Halden.", "In Halden two died and seven were hurt.", "stands for something"),
        ("Two died and seven were hurt in Halden.", "In Halden two died and seven were hurt.", None),
        ("Halden voted for the new bridge.", "The council of Halden never voted for the new bridge.", "denies"),
        ("Halden didn't vote for the new bridge.", "Halden voted for the new bridge.", "states"),
        ("Halden gets the new bridge in May.", "Halden could get the new bridge in May.", "surer"),
        ("12 ships were held in Halden.", "At least 12 ships were held in Halden.", "leaves out 'at least'"),
    ],
)
def test_a_sentence_worded_anew_is_held_to_more(statement: str, evidence: str, reason: str | None) -> None:
    verdict = check(statement, [evidence], reworded=True)
    assert any(reason in why for why in verdict.reasons) if reason else verdict.supported, verdict

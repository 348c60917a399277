import pytest

from bot.errors import UnreadableInput, UnsupportedLanguage
from bot.reading.language import detect, require_handled


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The river rose again on Tuesday and reached the old town.", "en"),
        ("Explosions heard in Odesa.", "en"),
        ("Las tropas entraron en la ciudad el lunes por la mañana.", "es"),
        ("Губернатор заявил, что мост закрыт.", "ru"),
        ("Мер міста каже, що школу зачинили через повінь.", "uk"),
        ("قال المتحدث إن القوات دخلت المدينة يوم الاثنين.", "ar"),
        ("市长周二表示，大桥已经关闭。", "zh"),
        ("Seventh Air Wing, 1 June 1985; Ninth Air Wing, 2 May 1991; Hill Field, Ohio.", "en"),
    ],
)
def test_language(text: str, language: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize("text", ["", "12.30 // 45 % ***", "Home\nNews\nSport", "https://news.example/a/b/c/d/e/f"])
def test_text_without_a_sentence_is_refused(text: str) -> None:
    with pytest.raises(UnreadableInput, match="no sentence"):
        detect(text)


def test_a_language_that_is_not_handled_is_named() -> None:
    with pytest.raises(UnsupportedLanguage, match=r"in Polish.* English, French, German"):
        require_handled("Most jest zamknięty od wtorku, powiedział burmistrz miasta.")
    assert require_handled("The bridge has been closed since Tuesday, the mayor said.") == "en"
    assert require_handled("Die Brücke ist seit Dienstag gesperrt, sagte der Bürgermeister.") == "de"


def test_of_two_languages_the_one_counts_that_most_of_the_text_is_in() -> None:
    german = "Die Brücke ist seit Dienstag gesperrt, sagte der Bürgermeister der Stadt vor vielen Leuten."
    assert detect(f"{german}\nSign up for our newsletter and share this.\n{german}") == "de"

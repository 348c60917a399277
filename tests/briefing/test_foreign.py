"""Sentences of other languages as points: whole, with their speaker, nothing that leans on what stood before."""

import pytest

from bot.briefing.foreign import stands_alone
from bot.briefing.points import choose
from bot.reading import other_sources, sentences
from bot.types import Article, Reading


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("uk", "Він додав, що воду повернуть до вечора."),
        ("uk", "Однак грошей на це в міському бюджеті немає."),
        ("ru", "Кроме того, суд получил двенадцать жалоб."),
        ("es", "Sin embargo, su partido pide volver a la mesa."),
        ("es", "¿Cuándo volverá la luz a los barrios del sur?"),
        ("fr", "Cependant, les convois d'aide passent encore."),
        ("fr", "« Nous avons détruit six motos », a-t-il ajouté."),
        ("de", "Allerdings fehlen in der Stadt Sandsäcke."),
        ("de", "Wir haben mit den Leuten im Dorf gesprochen."),
        ("ar", "لكن الطريق الجبلي ما زال مغلقا أمام الناس."),
        ("ar", "هل تكفي الخيام لكل هؤلاء الناس؟"),
    ],
)
def test_a_sentence_that_leans_asks_or_speaks_of_its_author_is_left_out(language: str, text: str) -> None:
    assert not stands_alone(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("uk", "У Харкові через обстріл загинули двоє людей."),
        ("ru", "«Дамба держится, но мы готовимся к худшему», — заявил мэр Сергей Салмин."),
        ("es", "El río creció dos metros en una hora en Valencia."),
        ("fr", "« Le vent a soufflé toute la nuit », a déclaré M. Yann Le Goff, le préfet."),
        ("de", "„Wir rechnen mit dem Schlimmsten“, sagte Oberbürgermeister Jens Halle am Dienstag."),
        ("ar", "ونقل الجرحى إلى مستشفيات في دمشق وحلب."),
    ],
)
def test_a_whole_sentence_stands(language: str, text: str) -> None:
    assert stands_alone(text, language)


def points_of(text: str, language: str) -> list[tuple[str, tuple[str, ...]]]:
    article = Article("a", text)
    parts = sentences.split(text, language)
    reading = Reading("a", language, parts, (), *other_sources.attribute(text, parts, language))
    return [(point.text, point.sources) for point in choose([article], [reading], 8)]


def test_a_quotation_whose_speaker_is_not_named_is_no_point() -> None:
    text = "El puente de la ciudad cerró el lunes. «No queda nada en pie en este barrio», lamentó el panadero."
    assert points_of(text, "es") == [("El puente de la ciudad cerró el lunes.", ())]


def test_a_surname_becomes_the_full_name_and_nothing_else_changes() -> None:
    text = (
        "Мэр Сергей Салмин заявил, что дамба держится.\n"
        "«Вода спадает уже вторые сутки подряд», — отметил Салмин во вторник.\n"
    )
    told = dict(points_of(text, "ru"))
    assert told["«Вода спадает уже вторые сутки подряд», — отметил Сергей Салмин во вторник."] == ("Сергей Салмин",)


def test_english_habits_of_trimming_leave_other_languages_alone() -> None:
    text = "Die Stadt Pirna will also in diesem Jahr neue Dämme bauen."
    assert points_of(text, "de") == [(text, ())]

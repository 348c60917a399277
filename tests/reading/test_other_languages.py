"""Articles in Ukrainian, Russian, Spanish, French, German and Arabic: sentences, places, who says so."""

from functools import reduce
from operator import add

import pytest

from bot.reading import other_places, other_sources, sentences
from bot.reading.gazetteer import Gazetteer
from bot.reading.inflection import forms
from bot.reading.read import ArticleReader
from bot.reading.tongues import OTHERS, tongue
from bot.store import Store
from bot.types import Article, Reading, Span
from tests import languages
from tests.agreement import Score
from tests.languages import Marked


@pytest.fixture(scope="module")
def read(gazetteer: Gazetteer) -> list[tuple[Marked, Reading]]:
    return [(marked, reading_of(marked.article, marked.language, gazetteer)) for marked in languages.every()]


def reading_of(article: Article, language: str, gazetteer: Gazetteer) -> Reading:
    parts = sentences.split(article.text, language)
    toponyms = other_places.resolve(article.text, parts, language, gazetteer)
    return Reading(article.id, language, parts, toponyms, *other_sources.attribute(article.text, parts, language))


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize(
    ("measure", "right", "precision"),
    [
        (languages.score_sentences, 0.97, 0.97),
        (languages.score_places, 0.86, 0.9),
        (languages.score_statements, 0.75, 0.95),
    ],
)
def test_the_marked_articles_are_read(
    read: list[tuple[Marked, Reading]], language: str, measure: object, right: float, precision: float
) -> None:
    assert callable(measure)
    scores = (measure(marked, reading) for marked, reading in read if marked.language == language)
    score: Score = reduce(add, scores)
    assert score.accuracy >= right
    assert score.precision >= precision


@pytest.mark.parametrize(
    ("language", "text", "place"),
    [
        ("uk", "Бої тривають під Лиманом і в Кривому Розі.", "Lyman"),
        ("uk", "Евакуація триває в Запоріжжі та на Херсонщині.", "Kherson Oblast"),
        ("ru", "Пожары бушуют в Нижнем Новгороде третий день.", "Nizhniy Novgorod"),
        ("ru", "Жители Донецкой области остались без воды.", "Donetsk Oblast"),
        ("es", "Los camiones salieron de la ciudad de Alepo hacia el sur del Líbano.", "Lebanon"),
        ("fr", "Les habitants d'Alep ont fui vers la ville de Homs.", "Aleppo"),
        ("de", "Viele Menschen in der Ukraine hoffen auf Hilfe aus Köln.", "Ukraine"),
        ("ar", "وصل الوفد إلى القاهرة ثم توجه إلى بيروت.", "Cairo"),
        ("ar", "افتتح معرض بدمشق وآخر ببيروت أمس.", "Beirut"),
    ],
)
def test_names_are_known_in_their_cases(language: str, text: str, place: str, gazetteer: Gazetteer) -> None:
    reading = reading_of(Article("x", text), language, gazetteer)
    assert place in {one.place.name for one in reading.toponyms if one.place}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "Israel Pérez y su hermana Valencia Rojas pidieron la paz al congreso."),
        ("fr", "Paris Hilton a remercié Nancy Reagan dans une lettre publiée hier."),
        ("de", "Das Essen im Hof war gut, der Regen störte niemanden."),
        ("uk", "Мир настане, каже Володимир Полтавський з компанії «Ватра»."),
        ("ru", "Мир наступит, считает Владимир Московский из фирмы «Сибирь»."),
        ("ar", "السلام بعيد والأسعار ترتفع كل يوم كما يرى الناس."),
    ],
)
def test_people_and_common_words_are_no_places(language: str, text: str, gazetteer: Gazetteer) -> None:
    assert reading_of(Article("x", text), language, gazetteer).toponyms == ()


@pytest.mark.parametrize(
    ("language", "text", "count"),
    [
        ("uk", "Він живе у м. Київ на вул. Лесі Українки. Ціна 5 тис. грн. за штуку, тобто дорого.", 2),
        ("ru", "Об этом говорил А. С. Иванов из г. Орска. «Хватит!» — крикнул он.", 2),
        ("es", "El Sr. Gil vive en EE. UU. desde 2010. ¿Volverá? No, p. ej. por trabajo.", 3),
        ("fr", "« Nous partons. » Selon M. Roux, c'est fini. Qui paie ? Personne.", 4),
        ("de", "Am 3. Oktober kam z. B. Dr. Weiß. „Gut so.“ Dann ging er.", 3),
        ("ar", "وصل د. كريم إلى المدينة. من استقبله؟ لا أحد.", 3),
    ],
)
def test_sentences_end_where_they_end(language: str, text: str, count: int) -> None:
    assert len(sentences.split(text, language)) == count


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("uk", "«Ми не маємо жодного шансу на успіх», — додав він."),
        ("es", "Añadió que el puente seguirá cerrado hasta el lunes."),
        ("fr", "« Nous avons perdu toute une récolte », a-t-il ajouté."),
        ("de", "„Wir haben die ganze Ernte verloren“, sagte der Bauer."),
        ("ar", "وأضاف أن الطريق سيبقى مغلقا حتى يوم الاثنين."),
    ],
)
def test_a_speaker_who_is_not_named_is_not_guessed(language: str, text: str) -> None:
    sources, said = other_sources.attribute(text, sentences.split(text, language), language)
    assert sources == ()
    assert [one.source for one in said] == [None]


def test_a_surname_means_the_one_person_of_that_name() -> None:
    text = "El alcalde Luis Soria dijo que el río baja. «No hay peligro alguno», insistió Soria."
    sources, said = other_sources.attribute(text, sentences.split(text, "es"), "es")
    assert [one.name for one in sources] == ["Luis Soria"]
    assert [(one.source, one.direct) for one in said] == [("Luis Soria", False), ("Luis Soria", True)]


def test_a_genitive_becomes_a_nominative() -> None:
    text = "По словам эксперта Марии Лебедевой, цены на хлеб вырастут вдвое."
    (source,), (said,) = other_sources.attribute(text, sentences.split(text, "ru"), "ru")
    assert source.name == "Мария Лебедева"
    assert said.content[0].of(text) == "цены на хлеб вырастут вдвое"


def test_a_word_has_its_own_form_first_and_few_others() -> None:
    found = list(forms("Донецкой области", tongue("ru").places.endings))
    assert found[0] == "Донецкой области"
    assert "Донецкая область" in found
    assert len(found) <= 40


def test_places_are_found_by_name_in_every_script(gazetteer: Gazetteer) -> None:
    asked = ["Харків", "Украина", "دمشق", "Херсонщина", "Allemagne", "Siria", "Türkei", "EE. UU."]
    names = [{one.place.name for one in gazetteer.lookup(name)} for name in asked]
    wanted = ["Kharkiv", "Ukraine", "Damascus", "Kherson Oblast", "Germany", "Syria", "Turkey", "United States"]
    assert all(name in found for name, found in zip(wanted, names, strict=True))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("У Харкові відкрили міст через річку.", "Харков"),
        ("В Купянске открыли мост через реку.", "купянск"),
        ("وصل الوفد إلى دمشق أمس.", "دمشق"),
        ("La Münchner Straße y el Líbano.", "libano"),
    ],
)
async def test_words_are_searched_in_every_script(store: Store, text: str, words: str) -> None:
    await store.follow("team", "https://news.example/feed")
    kept = Article("abcdefabcdef", text, title="-")
    await store.add_article(kept, "https://news.example/feed")
    await store.add_reading(kept, Reading(kept.id, "uk", (), (), (), ()))
    assert [one.text for one, _ in await store.search("team", words)] == [text]


def test_what_a_feed_says_of_the_language_does_not_matter(gazetteer: Gazetteer) -> None:
    text = "In Dresden ist der Pegel am Dienstag gestiegen. Viele Menschen mussten ihre Häuser verlassen."
    reading = ArticleReader(gazetteer).read(Article("x", text, language="en"))
    assert reading.language == "de"
    assert [one.name for one in reading.toponyms] == ["Dresden"]


def test_every_span_lies_in_its_article(read: list[tuple[Marked, Reading]]) -> None:
    for marked, reading in read:
        size = len(marked.article.text)
        spans = [one.span for one in reading.sentences] + [one.span for one in reading.toponyms]
        spans += [piece for one in reading.attributions for piece in one.content]
        spans += [one.source_span or Span(0, 1) for one in reading.attributions]
        assert all(0 <= span.start < span.end <= size for span in spans)

"""Which language a text is in."""

import re
from functools import lru_cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from bot.errors import UnreadableInput, UnsupportedLanguage
from bot.reading.tongues import OTHERS

ENOUGH = 4000  # characters: a language shows well before that
HANDLED = frozenset({"en", *OTHERS})
_NAMES = {
    "ar": "Arabic", "be": "Belarusian", "bg": "Bulgarian", "cs": "Czech", "da": "Danish", "de": "German",
    "el": "Greek", "en": "English", "es": "Spanish", "et": "Estonian", "fa": "Persian", "fi": "Finnish",
    "fr": "French", "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "id": "Indonesian",
    "it": "Italian", "ja": "Japanese", "ka": "Georgian", "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian",
    "nl": "Dutch", "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian",
    "sk": "Slovak", "sr": "Serbian", "sv": "Swedish", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu",
    "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+")
_STOPPED = re.compile(r"[.!?…؟۔।。！？][\"'”’»)\]]*\s*$")
_LINK = re.compile(r"https?://\S+|\S+@\S+\.\w+")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")  # Thai, Lao, kana, Chinese characters


def detect(text: str) -> str:
    """The ISO 639-1 code of the language that most of the text is in.

    Raises:
        UnreadableInput: no line of the text looks like a sentence.
    """
    lines = [line for line in _LINK.sub(" ", text).splitlines() if _is_sentence(line)]
    if not lines:
        raise UnreadableInput("The text holds no sentence; give the words of an article.")
    language, _ = _identifier().classify("\n".join(lines)[:ENOUGH])
    return str(language)


def require_handled(text: str) -> str:
    """The language of a text that can be read, an ISO 639-1 code.

    Raises:
        UnsupportedLanguage: the text is in a language that isn't handled, named in the message.
        UnreadableInput: no line of the text looks like a sentence.
    """
    language = detect(text)
    if language not in HANDLED:
        handled = sorted(_NAMES[code] for code in HANDLED)
        raise UnsupportedLanguage(
            f"The article is in {_NAMES[language]}, which can't be read yet; "
            f"give one in {', '.join(handled[:-1])} or {handled[-1]}."
        )
    return language


def _is_sentence(line: str) -> bool:
    """Whether a line has the length of a sentence: six words, or three that end in a stop."""
    words = len(_WORD.findall(line)) + len(_UNSPACED.findall(line)) // 2
    return words >= 6 or (words >= 3 and bool(_STOPPED.search(line)))


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    """The identifier, held to languages that news is written in: left free, it takes English lists for a creole."""
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(list(_NAMES))
    return identifier

"""Language detection for headlines, cheap, with the feed's language as a prior."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache, lru_cache

# What this beat is written in; a detector free to answer "Latin" or "Volapük" does.
_LATIN = ("en", "de", "fr", "es", "nl", "it", "pt", "vi", "id", "sv", "pl", "tr")
# Shorter texts than this say too little for a statistical guess against the feed's word.
_ENOUGH_LETTERS = 40
# A headline and a sentence or two tell as much as the whole.
_SAMPLE = 400
# "El Niño" and "De la Espriella" occur in English headlines; three such words do not.
_MARGIN, _MARGIN_OVER_PRIOR = 2, 3

_SCRIPTS = (
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
)
_HAN_RUN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa]")
_HANGUL = re.compile(r"[\uac00-\ud7af]")
# All of the above but Han, so that one look tells that there is nothing to count.
_NOT_HAN = re.compile(
    r"[\u0370-\u06ff\u0900-\u097f\u0e00-\u0e7f\u3041-\u3096\u30a1-\u30fa\uac00-\ud7af]"
)
_LATIN_WORD = re.compile(r"[A-Za-z]+")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
# The same letters where there are no others, several times as fast.
_ASCII_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
# All that is not ASCII in most English text.
_SIGNS = "‘“”…–—"
# Spaces for all signs but letters.
_LETTERS = bytes(code if chr(code).isalpha() else 32 for code in range(128)).ljust(256)
# Function words that no other language of the table uses often.
_COMMON = {
    "en": "the of to and in for is on with as at its from by that are has an be will after"
    " it says over new",
    "de": "der die das und ist nicht mit von den dem für ein eine auf im zu sich auch",
    "fr": "le la les des et est une un dans pour du sur au aux pas avec qui ce par son",
    "es": "el los las del y una un en por con para que su al se es como más lo",
    "nl": "de het een van en in op met voor dat niet zijn te aan bij ook naar wordt uit",
    "it": "il di che un una per con del della dei nel gli non è le sono alla più",
    "pt": "o os da do das dos em um uma para com não que na no mais ao por",
}
_ENGLISH = frozenset("the of to and in for is a on with".split())  # noqa: SIM905  reads better
_MEANING: dict[str, tuple[str, ...]] = {}
for _language, _words in _COMMON.items():
    for _word in _words.split():
        _MEANING[_word] = (*_MEANING.get(_word, ()), _language)


def detect_language(text: str, declared: str = "") -> str:
    """Return the ISO 639-1 code of *text*; *declared* resolves ambiguity."""
    prior = base_language(declared)
    text = text[:_SAMPLE]
    if not text.isascii() and (found := _by_script(text, prior)):
        return found
    words = _words_of(text.lower())
    # A name or two ("BYD", "ChatGPT") is a headline in any language.
    if len(words) < 3:  # noqa: PLR2004
        return prior or "en"
    return _by_common_words(words, prior) or _by_statistics(text, words, prior)


@lru_cache(maxsize=1 << 8)
def base_language(tag: str) -> str:
    """Return the language of a tag: "zh" for "zh-Hans-CN", "zh_TW" and "cmn"."""
    language = re.split(r"[-_\s]", tag.strip().lower(), maxsplit=1)[0]
    if language in {"yue", "cmn", "zho", "chi", "cn", "tw"}:
        return "zh"
    language = {"eng": "en", "jpn": "ja", "jp": "ja", "kor": "ko"}.get(language, language)
    return language if re.fullmatch(r"[a-z]{2}", language) else ""


def _words_of(lower: str) -> list[str]:
    if not lower.isascii():
        lower = lower.replace("’", "'")
        for sign in _SIGNS:
            lower = lower.replace(sign, " ")
    if not lower.isascii():
        return _WORD.findall(lower)
    if "'" in lower:
        return _ASCII_WORD.findall(lower)
    return lower.encode().translate(_LETTERS).decode().split()


def _by_script(text: str, prior: str) -> str:
    han, words = len("".join(_HAN_RUN.findall(text))), len(_LATIN_WORD.findall(text))
    is_more = _NOT_HAN.search(text) is not None
    # One の adorns a Chinese brand; a Japanese sentence is full of kana.
    if is_more and (kana := len(_KANA.findall(text))) >= 2 and kana * 8 >= han:  # noqa: PLR2004
        return "ja"
    if is_more and len(_HANGUL.findall(text)) >= max(2, words):
        return "ko"
    if han and _is_chinese(text, han, words):
        return prior if prior == "ja" and not words and han < 6 else "zh"  # noqa: PLR2004
    return _by_other_script(text, words, prior) if is_more else ""


def _by_other_script(text: str, words: int, prior: str) -> str:
    for language, script in _SCRIPTS:
        if len(script.findall(text)) > words:
            return _within_script(language, prior)
    return ""


def _is_chinese(text: str, han: int, words: int) -> bool:
    """Tell Chinese with Latin names in it from English with a Chinese name in it."""
    if han >= words * 2:
        return True
    english = sum(word in _ENGLISH for word in text.lower().split())
    return english * 3 < words if han >= words else english == 0 and han * 2 >= words


def _within_script(language: str, prior: str) -> str:
    siblings = {"ru": {"uk", "bg", "sr", "kk"}, "ar": {"fa", "ur"}, "hi": {"mr", "ne"}}
    return prior if prior in siblings.get(language, ()) else language


def _by_common_words(words: list[str], prior: str) -> str:
    # Each word once: "no hire, no fire" is not twice as Portuguese.
    meant = _MEANING.keys() & words
    votes = Counter(language for word in meant for language in _MEANING[word])
    if not votes:
        return ""
    best, *rest = sorted(votes, key=lambda name: (-votes[name], name))
    runner_up = votes[rest[0]] if rest else 0
    needed = 1 if best == prior else _MARGIN_OVER_PRIOR if prior in _LATIN else _MARGIN
    return best if votes[best] >= runner_up + needed else ""


def _by_statistics(text: str, words: list[str], prior: str) -> str:
    # Headlines of names alone look Dutch or Indonesian; a declared language outranks that.
    if prior in _LATIN:
        return prior
    return "en" if sum(map(len, words)) < _ENOUGH_LETTERS else str(_identifier()(text)[0])


@cache
def _identifier():  # type: ignore[no-untyped-def]  # noqa: ANN202
    # Imported late: loading its model costs most of a second, and most texts need none.
    import py3langid  # noqa: PLC0415

    py3langid.set_languages(list(_LATIN))
    return py3langid.classify

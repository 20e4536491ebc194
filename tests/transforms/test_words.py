"""Phrases in both languages."""

from __future__ import annotations

from string import Formatter

from transforms.words import LANGUAGES, phrases

# A language may need fewer of these: months are numbers in Chinese, a plural has no number.
LEFT_OUT = {
    "date": {"month", "number"},
    "date.axis": {"month", "number"},
    "date.month": {"month", "number"},
    "date.short": {"month", "number"},
    "date.day": {"month", "number"},
    "date.last": {"month"},
    "names.more": {"n", "all"},
}


def test_both_languages_have_the_same_phrases():
    """A page in one of them lacks no word of the other."""
    english, chinese = (phrases(language) for language in LANGUAGES)

    assert english.keys() == chinese.keys()


def test_a_phrase_fills_in_the_same_names_in_both_languages():
    """What it tells in one language it tells in the other."""
    for key in phrases("en"):
        english, chinese = (names_in(phrases(language)[key]) for language in LANGUAGES)

        assert english ^ chinese <= LEFT_OUT.get(key, set()), key


def names_in(phrase):
    return {name for _, name, _, _ in Formatter().parse(phrase) if name}

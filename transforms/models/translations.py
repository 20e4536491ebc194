"""Translations of headlines, made by a machine for readers alone."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedTranslation:
    """A headline to be translated, and the language it is in."""

    title: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Translated:
    """What became of a headline: ``text``, or the ``reason`` why nothing can be used."""

    title: str
    text: str | None = None
    reason: str | None = None

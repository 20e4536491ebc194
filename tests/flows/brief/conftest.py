"""Briefs of a newsroom's home."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest
from newsroom import WRITTEN

from flows.home import load_config
from flows.settings import load_settings
from flows.steps.brief import make_brief
from transforms.brief import render_html


@pytest.fixture(scope="session")
def brief_of(desk):
    """Return the brief of the days up to Sunday, or to the day of a moment before."""
    config = load_config(load_settings(desk))

    @cache
    def call(period, language="en", as_of=None):
        last = date(2025, 11, 29 if as_of else 30)
        return make_brief(
            config, now=WRITTEN, period=period, last=last, as_of=as_of, language=language
        )

    return call


@pytest.fixture(scope="session")
def page_of(brief_of):
    """Return that brief as a page."""
    return cache(lambda *asked: render_html(brief_of(*asked)))

"""Translation of headlines for readers, as ``[translate]`` of sinowire.toml asks.

which headlines ─▶ hand them over ─▶ judge what came ─▶ keep it
turn               no turn           transforms          turn
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import PurePath
from typing import Any
from urllib.parse import urlsplit

from connectors.translation.command import translate_by_command
from connectors.translation.errors import TranslationError
from connectors.translation.libretranslate import translate_by_service
from flows.setting_kinds import Into, TranslateSettings
from flows.settings import Settings
from flows.steps.ingest.plan import PollPlan
from transforms.headlines.translated import judge_translation
from transforms.models import Translated, WantedTranslation
from transforms.text.plural import counted
from warehouse.file.connect import transaction
from warehouse.news import translations as translation_store

# An older headline is history, and nobody's front page.
LOOK_BACK = timedelta(days=2)
# Headlines that are handed over at once: services have limits, and a failure costs these.
BATCH = 25


def translate_headlines(plan: PollPlan, asked: TranslateSettings) -> Counter[str]:
    """Translate what no outlet tells in a language; return how many, and how many not.

    What fails is said and costs nothing else: headlines stay as they are, and are tried
    again in the next pass. What came and cannot be used is not.
    """
    counts: Counter[str] = Counter()
    for into in asked.into:
        now = plan.clock()
        with plan.turns.open(plan.config.settings, "run", plan.report) as con:
            headlines = translation_store.wanted(
                con, into, since=now - LOOK_BACK, limit=asked.per_run
            )
        plan.turns.let_go()
        for batch in _batches(headlines):
            try:
                made = _translate(plan.config.settings, asked, batch, into)
            except TranslationError as error:
                plan.report(f"warning: headlines were not translated: {error}")
                return counts + Counter(failed=len(batch))
            _keep(plan, asked, made, into, now)
            for refused in (each for each in made if each.reason):
                counts["refused"] += 1
                plan.report(f"warning: a translation is not shown: {refused.reason}")
            counts["translated"] += sum(each.text is not None for each in made)
    if counts["translated"]:
        plan.report(f"{counted(counts['translated'], 'headline')} translated")
    return +counts


def _batches(headlines: Sequence[WantedTranslation]) -> Iterator[list[WantedTranslation]]:
    """Yield headlines of one language each, some at a time."""
    in_order = sorted(headlines, key=lambda each: each.language)
    for _, group in groupby(in_order, key=lambda each: each.language):
        own = list(group)
        yield from (own[at : at + BATCH] for at in range(0, len(own), BATCH))


def _translate(
    settings: Settings,
    asked: TranslateSettings,
    batch: Sequence[WantedTranslation],
    into: Into,
) -> list[Translated]:
    texts = _texts(settings, asked, batch, into)
    return [
        judge_translation(each.title, text) for each, text in zip(batch, texts, strict=True)
    ]


def _texts(
    settings: Settings,
    asked: TranslateSettings,
    batch: Sequence[WantedTranslation],
    into: Into,
) -> list[Any]:
    if asked.url is None:
        return translate_by_command(
            asked.words, batch, into, seconds=asked.seconds, env=asked.env
        )
    key = settings.translate_api_key
    work = translate_by_service(
        asked.url,
        batch,
        into,
        seconds=asked.seconds,
        key=key.get_secret_value() if key else "",
        allow=settings.allow_private_addresses,
        is_private=asked.private,
    )
    # A loop of its own: under Prefect this thread has one already.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def _keep(
    plan: PollPlan,
    asked: TranslateSettings,
    made: Sequence[Translated],
    into: Into,
    now: datetime,
) -> None:
    by = urlsplit(asked.url).hostname if asked.url else PurePath(asked.words[0]).name
    with plan.turns.open(plan.config.settings, "run") as con, transaction(con):
        translation_store.store(con, made, into, made_by=by or "", made_at=now)

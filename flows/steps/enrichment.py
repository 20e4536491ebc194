"""Enrichment of stored articles: full texts of pages, translations of headlines.

which pages ─▶ visit them ─▶ store what came ─▶ find anew what their articles say
turn            no turn       turn, one transaction; no alert comes of it

which headlines ─▶ hand them over ─▶ judge what came ─▶ keep it
turn               no turn           transforms          turn
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import PurePath
from typing import Any, TypeVar
from urllib.parse import urlsplit

from connectors.feeds.fetch.politeness import host_of
from connectors.feeds.full_text.extract import MISSING, extractor, is_installed
from connectors.feeds.full_text.pages import ArticlePage, PageRead, read_pages
from connectors.translation import (
    TranslationError,
    translate_by_command,
    translate_by_service,
)
from flows.setting_kinds import Into, TranslateSettings
from flows.settings import Settings
from flows.steps.ingest.ingest import fetch_options
from flows.steps.ingest.plan import PollPlan
from flows.steps.rederive import find_anew
from transforms.alerts.rules.rule import OFFICIAL
from transforms.articles.enrichment import judge_translation, next_try, searched
from transforms.models import Feed, FullText, Translated, WantedTranslation
from transforms.text.lengths import counted
from warehouse import feeds as feed_store
from warehouse.file.connect import transaction
from warehouse.news import articles as article_store
from warehouse.news import texts as text_store
from warehouse.news.texts import PendingPage

# An older article is history, whatever its page says, and nobody's front page.
LOOK_BACK = timedelta(days=2)
# Acts of one body whose pages are visited in a run: its site is no newspaper's.
ACTS_PER_RUN = 3
# A headline that was edited is often edited again soon.
SETTLED = timedelta(hours=1)
DAY = timedelta(days=1)
# Beyond those of a run, as those of a host that has had its share are left out.
_SPARE = 10
T = TypeVar("T")
# Headlines that are handed over at once: services have limits, and a failure costs these.
BATCH = 25


def asking(plan: PollPlan) -> list[Feed]:
    """Return the feeds of the pass's shard that ask for full texts."""
    return [
        feed
        for feed in plan.config.feeds
        if feed.full_text
        and feed.enabled
        and (plan.share is None or plan.share.holds(feed.url))
    ]


def read_full_texts(plan: PollPlan) -> Counter[str]:
    """Visit the pages that are due, and store their texts; return outcomes."""
    feeds = {feed.feed_id: feed for feed in asking(plan)}
    if not is_installed():
        plan.report(f"warning: {MISSING}")
        return Counter()
    now = plan.clock()
    pages = _due(plan, feeds, now)
    plan.turns.let_go()
    if not pages:
        return Counter()
    settings = plan.config.settings
    reads = _in_a_thread(
        read_pages(
            [
                ArticlePage(article_id=p.article_id, url=p.url, feed=feeds[p.feed_id])
                for p in pages
            ],
            options=fetch_options(settings),
            now=now,
            seconds=settings.full_text_seconds,
        )
    )
    outcomes = Counter(read.outcome for read in reads)
    _store(plan, {page.article_id: page for page in pages}, reads, now)
    others = [f"{n} {name}" for name, n in outcomes.most_common() if name != "read"]
    sentence = f"full texts: {counted(outcomes['read'], 'page')} read"
    plan.report(", ".join([sentence, *others]))
    return Counter({str(outcome): number for outcome, number in outcomes.items()})


def _due(plan: PollPlan, feeds: Mapping[str, Feed], now: datetime) -> list[PendingPage]:
    """Return the pages to visit; tag articles again whose page texts are outdated."""
    settings = plan.config.settings
    since = now - LOOK_BACK
    with plan.turns.open(settings, "run", plan.report) as con, transaction(con):
        find_anew(con, plan.config, text_store.renew(con, since=since, later=now + SETTLED))
        pending = text_store.pending(
            con, feeds, since=since, now=now, limit=settings.full_texts_per_run * _SPARE
        )
        held = feed_store.held_hosts(con, now)
        visits: Counter[str] = Counter()
        for url, attempts in text_store.visited(con, since=now - DAY):
            visits[host_of(url)] += attempts
    due = []
    of_bodies: Counter[str] = Counter()
    for page in pending:
        host, feed = host_of(page.url), feeds[page.feed_id]
        if feed.kind in OFFICIAL and of_bodies[feed.publisher] >= ACTS_PER_RUN:
            continue
        if host not in held and visits[host] < settings.full_texts_per_host:
            visits[host] += 1
            of_bodies[feed.publisher] += 1
            due.append(page)
    return due[: settings.full_texts_per_run]


def _store(
    plan: PollPlan,
    pages: Mapping[str, PendingPage],
    reads: Sequence[PageRead],
    now: datetime,
) -> None:
    texts = [_row(read, pages[read.article_id], now) for read in reads]
    turn = plan.turns.open(plan.config.settings, "run", plan.report)
    with turn as con, transaction(con):
        at = article_store.places(con, [row.article_id for row in texts])
        # An article may have gone into another one meanwhile.
        text_store.store_full_texts(con, [row for row in texts if row.article_id in at], at)
        holds = [read.hold for read in reads if read.hold]
        feed_store.record_polls(con, (), {}, holds=holds)
        find_anew(con, plan.config, [row.article_id for row in texts if row.text])


def _row(read: PageRead, page: PendingPage, now: datetime) -> FullText:
    attempts = page.attempts + 1
    until = read.hold.until if read.hold else None
    return FullText(
        article_id=read.article_id,
        fetched_at=now,
        url=read.url,
        outcome=read.outcome,
        attempts=attempts,
        next_try_at=next_try(read.outcome, attempts, now, not_before=until),
        content_hash=page.content_hash,
        http_status=read.http_status,
        bytes=read.bytes,
        reason=read.reason,
        extractor=extractor() if read.text else None,
        text=read.text or None,
        search_text=searched(read.text) if read.text else None,
    )


def _in_a_thread(work: Coroutine[Any, Any, T]) -> T:
    """Run *work* on its own event loop: under Prefect this thread has one already."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def translate_headlines(plan: PollPlan, asked: TranslateSettings) -> Counter[str]:
    """Translate headlines of stories without one in a language; return counts.

    A failure is reported and has no other effect: the headlines are retried in the next
    pass. A refused translation is not retried.
    """
    counts: Counter[str] = Counter()
    for into in asked.into:
        now = plan.clock()
        with plan.turns.open(plan.config.settings, "run", plan.report) as con:
            headlines = text_store.wanted(
                con, into, since=now - LOOK_BACK, limit=asked.per_run
            )
        plan.turns.let_go()
        for batch in _batches(headlines):
            try:
                translated = _translate(plan.config.settings, asked, batch, into)
            except TranslationError as error:
                plan.report(f"warning: headlines were not translated: {error}")
                return counts + Counter(failed=len(batch))
            _keep(plan, asked, translated, into, now)
            for refused in (each for each in translated if each.reason):
                counts["refused"] += 1
                plan.report(f"warning: a translation is not shown: {refused.reason}")
            counts["translated"] += sum(each.text is not None for each in translated)
    if counts["translated"]:
        plan.report(f"{counted(counts['translated'], 'headline')} translated")
    return +counts


def _batches(headlines: Sequence[WantedTranslation]) -> Iterator[list[WantedTranslation]]:
    """Yield headlines in batches of one language each."""
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
    return _in_a_thread(work)


def _keep(
    plan: PollPlan,
    asked: TranslateSettings,
    made: Sequence[Translated],
    into: Into,
    now: datetime,
) -> None:
    by = urlsplit(asked.url).hostname if asked.url else PurePath(asked.words[0]).name
    with plan.turns.open(plan.config.settings, "run") as con, transaction(con):
        text_store.store_translations(con, made, into, made_by=by or "", made_at=now)

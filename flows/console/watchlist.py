"""``sinowire watchlist``: companies that are followed, and the evidence for tags."""

from __future__ import annotations

import tomllib
from dataclasses import asdict, replace
from datetime import date, datetime
from itertools import takewhile
from pathlib import Path
from typing import Annotated, Any

import duckdb
import typer

from flows.beats import default_text
from flows.console import arguments, output
from flows.console.output import (
    CommandContext,
    Console,
    Format,
    FormatOption,
    say,
    show_entry,
)
from flows.settings import read_json_lines
from flows.steps.warehouse import refuse_floods
from transforms.beat_files import WATCHLIST
from transforms.calendar.read import local_day
from transforms.headlines.reports import MOST, Telling
from transforms.models.verdicts import Verdict
from transforms.names.explain.explain import explain, why_not
from transforms.names.explain.lint import lint, missing_examples
from transforms.names.tagging import tag_text
from transforms.relevance.score import NO_EVIDENCE, BeatReport
from transforms.text.language import detect_language
from transforms.text.lengths import MAX_CONTENT, MAX_TITLE, counted
from warehouse.file.connect import PUBLISHED_NAME
from warehouse.news import articles as article_store
from warehouse.news import verdicts as verdict_store
from warehouse.news.articles import current_article

app = typer.Typer(
    help="Watchlist: companies, topics, and why a text is tagged as it is.",
    no_args_is_help=True,
)

REJECTED = (
    "off the beat whatever it treats, and it names nobody: its topics and events are not "
    "looked for when it comes in, but were here; `topics_off_beat = true` in sinowire.toml "
    "has them looked for"
)


@app.command(name="list")
def list_companies(ctx: CommandContext, shape: FormatOption = Format.table) -> None:
    """Print every company, brand and body, with its parent and aliases."""
    watchlist = ctx.obj.config.watchlist
    named: dict[str, list[str]] = {}
    for alias in watchlist.alias_rows():
        named.setdefault(alias.company_id, []).append(alias.alias)
    output.rows(
        [
            {
                "company_id": company.company_id,
                "name": company.name,
                "name_zh": company.name_zh,
                "kind": company.kind,
                "sector": company.sector,
                "parent_id": company.parent_id,
                "aliases": named.get(company.company_id, []),
            }
            for company in watchlist.company_rows()
        ],
        shape,
    )


@app.command()
def show(
    ctx: typer.Context,
    entry: Annotated[
        str,
        typer.Argument(
            metavar="ID", help="Id of a company, topic …, or company.ID; or: keys."
        ),
    ],
) -> None:
    """Print an entry as it is written: yours, else the beat's, to copy from.

    "keys" explains what entries may say.
    """
    if entry == "keys":
        lines = default_text(WATCHLIST).splitlines()
        say("\n".join(takewhile(lambda line: line.startswith("#"), lines)))
        return
    show_entry(ctx.obj, "watchlist.toml", entry)


@app.command()
def check(ctx: CommandContext, shape: FormatOption = Format.table) -> None:
    """Read the files and lint them: doubtful aliases, duplicates, missing scripts.

    Every example is tried; every rule should have a positive and a negative one.

    Where there is history, an alias of yours that would match more than 500 articles a
    day, or a fifth of all, is an error: a run would refuse it too.
    """
    config = ctx.obj.config.check()
    watchlist = config.watchlist
    # Macros of a beat wait for what homes follow of it.
    shared = tomllib.loads(config.beat.texts[WATCHLIST]).get("macro", {})
    findings = [
        *(
            found
            for found in lint(config.tagger, in_chinese=config.beat.is_in_chinese)
            if found.entry.removeprefix("macro.") not in shared
        ),
        *missing_examples(watchlist.aliases),
    ]
    if findings:
        output.rows(map(asdict, findings), shape)
    output.note(
        f"{counted(len(watchlist.companies), 'company', 'companies')}, "
        f"{counted(len(watchlist.aliases), 'alias', 'aliases')}, "
        f"{len(watchlist.topics):,} topics and events, "
        f"rules {watchlist.rules_version}: {counted(len(findings), 'finding')}"
    )
    if (ctx.obj.settings.data / PUBLISHED_NAME).exists():
        with ctx.obj.published() as con:
            refuse_floods(con, ctx.obj.config)


@app.command()
def why(
    ctx: CommandContext,
    text: Annotated[
        str,
        typer.Argument(
            metavar="TEXT or ARTICLE_ID", help="A headline, or a stored article."
        ),
    ],
    source: Annotated[str, typer.Option(help="Who published the headline.")] = "",
    shape: FormatOption = Format.table,
) -> None:
    """Show the evidence for companies, topics and relevance, and the headline's weight."""
    article = _text_of(ctx.obj, text)
    explanation = explain(
        ctx.obj.config.tagger,
        article["title"],
        article["summary"],
        article["content"],
        sources=(*article["sources"], source),
        is_from_page=article["is_from_page"],
        verdicts=article["verdicts"],
    )
    rejected = explanation.rejected and not ctx.obj.config.looks_always
    if shape is Format.json:
        typer.echo(output.json_line(asdict(replace(explanation, rejected=rejected))))
        return
    for name, part in (
        ("names", explanation.hits),
        ("companies", explanation.companies),
        ("people", explanation.people),
        ("topics and events", explanation.topics),
        (_verdict(explanation.beat), explanation.beat.evidence),
        (
            _weighed(explanation.headline, explanation.report_score),
            explanation.headline.parts,
        ),
        ("verdicts of readers", explanation.verdicts),
    ):
        typer.echo(name)
        if part:
            output.rows(map(_row, part), shape)
        else:
            typer.echo("none")
        typer.echo("")
    if rejected:
        typer.echo(REJECTED)


@app.command(name="why-not")
def explain_absence(
    ctx: CommandContext,
    text: Annotated[
        str,
        typer.Argument(
            metavar="ARTICLE_ID or TEXT", help="A stored article, or a headline."
        ),
    ],
    company_id: Annotated[
        str, typer.Argument(metavar="COMPANY_ID", help="From `watchlist list`.")
    ],
) -> None:
    """Name the first gate that kept a company from being tagged."""
    article = _text_of(ctx.obj, text)
    title, summary, content = article["title"], article["summary"], article["content"]
    known = {company.company_id for company in ctx.obj.config.watchlist.companies}
    if company_id not in known:
        raise output.RequestError(
            f"no company {company_id!r}; see: sinowire watchlist list"
        )
    for verdict in article["verdicts"]:
        if (verdict.kind, verdict.value) == ("not-about", company_id):
            typer.echo(
                f"verdict: {verdict.verdict_id} says that it is not about {company_id}"
            )
    reasons = why_not(ctx.obj.config.tagger, title, summary, company_id, content=content)
    typer.echo(f"{'named' if reasons.named else reasons.gate or 'absent'}: {reasons.why}")


@app.command()
def tag(
    ctx: CommandContext,
    file: Annotated[
        Path | None, typer.Argument(help="JSON lines; default: standard input.")
    ] = None,
) -> None:
    """Tag texts: JSON lines in; companies, topics, relevance, measure, claim, dates out.

    A line has id, title and summary, and may have source and published, by which relevance
    and people are judged too, and days of a measure and dates ahead are read. A claim is
    what is told of a firm: its basis (unnamed, company, official, filing, data, media,
    none), its modality (happened, announced, planned, may, denied, confirmed, withdrawn),
    the words that say so, and the firm. A report_score of more than 0.5 is a report's.
    """
    tagger = ctx.obj.config.tagger
    for number, record in read_json_lines(file):
        title, summary = _words(record, f"line {number}")
        source = record.get("source")
        tagged = tag_text(
            tagger,
            title=title,
            summary=summary,
            source=source if isinstance(source, str) else "",
            on=_day(record, title),
        )
        typer.echo(output.json_line({"id": record.get("id"), **tagged}))


def _day(record: dict[str, Any], title: str) -> date | None:
    """Return the outlet's day on which a line was published, None if it cannot be read."""
    published = record.get("published")
    try:
        moment = datetime.fromisoformat(published) if published else None
        return local_day(moment, detect_language(title)) if moment else None
    except (TypeError, ValueError):
        return None


def _words(record: dict[str, Any], where: str) -> tuple[str, str]:
    """Return title and summary of a line to tag; "text" may replace the title."""
    words = [record.get(name) for name in ("title", "text", "summary")]
    if any(not isinstance(word, str | None) for word in words):
        raise output.RequestError(f"{where}: title, text and summary are texts in quotes")
    title, text, summary = words
    if title is None and text is None:
        raise output.RequestError(
            f'{where}: it has neither title nor text; write {{"title": "…"}}'
        )
    return (
        arguments.bounded(title or text or "", MAX_TITLE, f"{where}: the title"),
        arguments.bounded(summary or "", MAX_CONTENT, f"{where}: the summary"),
    )


def _row(part: Any) -> dict[str, Any]:
    return part._asdict() if isinstance(part, Verdict) else asdict(part)


def _verdict(beat: BeatReport) -> str:
    side = "on" if beat.on_beat else "off"
    by = f"by {beat.reason}"
    if beat.reason == NO_EVIDENCE and beat.evidence and not beat.on_beat:
        by = "with too little evidence for it"
    return (
        f"{side} the beat: relevance {beat.relevance} {by}; from "
        f"{beat.threshold} on it is on it, and evidence is added to {beat.intercept}"
    )


def _weighed(headline: Telling, report_score: float | None) -> str:
    weight = f"the headline weighs {headline.weight} of {MOST}"
    if report_score is None:
        return weight
    return f"{weight}, and scores {report_score:+}; reports score 0 or more"


def _text_of(console: Console, text: str) -> dict[str, Any]:
    """Return the text of the article with that id, else *text* as a title."""
    if article_store.looks_like_id(text):
        with console.published() as con:
            article_id = _current(con, text)
            said = verdict_store.of_articles(con).get(article_id, ())
            return {**article_store.words(con, article_id), "verdicts": said}
    title = arguments.bounded(text, MAX_TITLE, "the text")
    nothing = {"summary": "", "content": "", "sources": (), "is_from_page": False}
    return {"title": title, **nothing, "verdicts": ()}


def _current(con: duckdb.DuckDBPyConnection, article_id: str) -> str:
    """Return the current id of an article."""
    current = current_article(con, article_id)
    if current is None:
        raise output.RequestError(f"no article {article_id!r} in the published file")
    if current != article_id:
        output.note(f"{article_id} was merged into article {current}")
    return current

"""``sinowire stories``: articles of one event, and the reasons for grouping them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from flows.console import arguments, output
from flows.console.output import CommandContext, Format, FormatOption
from flows.console.search import look, print_part
from flows.settings import read_json_lines
from transforms.names.tagging import Tagger, tag_text
from transforms.stories.pairs.similarity import StoryText, compare
from transforms.text.lengths import MAX_CONTENT, MAX_TITLE
from warehouse.news import stories as story_store
from warehouse.news import verdicts as verdict_store

app = typer.Typer(help="Stories: articles about one event.", no_args_is_help=True)


@app.command(name="list")
def list_stories(
    ctx: CommandContext,
    limit: Annotated[int, typer.Option(min=1, help="Print at most this many rows.")] = 20,
    everything: Annotated[
        bool, typer.Option("--all", help="Include what is off the beat.")
    ] = False,
    shape: FormatOption = Format.table,
) -> None:
    """Print the newest stories on the beat; within a day, the most widely told first."""
    with ctx.obj.published() as con:
        rows = story_store.list_stories(con, limit=limit, on_beat=not everything)
    output.rows(rows, shape)
    if not rows:
        output.note(
            "no story is stored"
            if everything
            else "no stored story is on the beat; list all: sinowire stories list --all"
        )


@app.command()
def show(
    ctx: CommandContext,
    story_id: Annotated[
        str, typer.Argument(metavar="STORY_ID", help="From `stories list`.")
    ],
    shape: FormatOption = Format.table,
) -> None:
    """Print a story's articles in order of publication, and all that its page shows.

    Companies and topics, alerts, verdicts, and the developing story that it belongs to;
    JSON and CSV have the articles.
    """
    with ctx.obj.published() as con:
        current = story_store.current_story(con, story_id)
        articles = story_store.story_articles(con, current) if current else []
        said = verdict_store.of_subjects(con, (row["article_id"] for row in articles))
    if current and current != story_id:
        output.note(f"{story_id} was merged into {current}")
    if not articles:
        raise output.RequestError(f"no story {story_id!r}; see: sinowire stories list")
    output.rows(articles, shape)
    if shape in (Format.json, Format.csv):
        return
    view = look(ctx.obj, "/stories/{story_id}", {"story_id": current or story_id}, {})
    parts = {name: [row for row, _ in view.given[name]] for name in ("named", "treated")}
    parted = [
        {"story_id": part.story_id, "headline": part.headline.text}
        for part in view.given["parts"]
    ]
    more = {"alerts": view.given["alerts"], "verdicts": said, "once one story with": parted}
    for name, rows in (*parts.items(), *more.items()):
        if rows:
            print_part(name, rows, shape)


@app.command(name="compare")
def compare_pairs(
    ctx: CommandContext,
    file: Annotated[
        Path | None, typer.Argument(help="JSON lines; default: standard input.")
    ] = None,
) -> None:
    """Decide for each pair of items whether both report the same event.

    A line in: {"id", "a": {"title", "summary", "lang", "published", "source"}, "b": {…}}.
    A line out: {"id", "same", "score", "why"}.
    """
    config = ctx.obj.config
    tagger, lexicon = config.tagger, config.beat.concepts
    for number, pair in read_json_lines(file):
        comparison = compare(
            _side(pair, "a", number, tagger),
            _side(pair, "b", number, tagger),
            lexicon,
        )
        typer.echo(
            output.json_line(
                {
                    "id": pair.get("id"),
                    "same": comparison.same,
                    "score": round(comparison.score, 4),
                    "why": comparison.why,
                }
            )
        )


def _side(pair: dict[str, Any], name: str, number: int, tagger: Tagger) -> StoryText:
    side = pair.get(name)
    if not isinstance(side, dict) or not side.get("title"):
        raise output.RequestError(f"line {number}: {name!r} needs a title")
    where = f"line {number}: {name!r}"
    title = arguments.bounded(str(side["title"]), MAX_TITLE, f"{where}: the title")
    summary = str(side.get("summary") or "")
    summary = arguments.bounded(summary, MAX_CONTENT, f"{where}: the summary")
    named = tag_text(tagger, title=title, summary=summary)["companies"]
    return StoryText(
        title=title,
        summary=summary,
        companies=frozenset(company["company_id"] for company in named),
        names=tuple(sorted({c["alias"] for c in named if c["field"] == "title"})),
        language=str(side.get("lang") or ""),
        published_at=arguments.moment(side.get("published"), f"line {number}: published"),
        publisher=str(side.get("source") or ""),
    )

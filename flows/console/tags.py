"""``sinowire tags``: a person says that a topic or event is wrong."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from flows.console import output
from flows.console.articles import article_of
from flows.console.output import Console, Format, FormatOption, note, say
from flows.steps.rejections import FILE, RejectedTopic
from flows.steps.rejections import reject_topic as teach
from transforms.names.verdicts import topic_of

app = typer.Typer(
    help="Tags: say that a topic or event of an article is wrong.", no_args_is_help=True
)


@app.callback()
def group() -> None:
    """Say that a topic or event of an article is wrong."""


@app.command()
def reject(
    ctx: typer.Context,
    article_id: Annotated[
        str, typer.Argument(metavar="ARTICLE_ID", help="The article that was tagged.")
    ],
    topic: Annotated[
        str,
        typer.Argument(metavar="TOPIC", help="A topic or event, as event:ID if both are."),
    ],
    apply: Annotated[
        bool, typer.Option("--apply", help="Also write the proposed exclusion.")
    ] = False,
    shape: FormatOption = Format.table,
) -> None:
    """Report a wrong topic or event: propose words that exclude it.

    Of this article only: `sinowire verdicts add ARTICLE_ID not-topic TOPIC`. This changes
    the rule for all, with --apply, in the home's watchlist.toml. The proposal is tried on
    the newest articles that have it; stored tags stay until `sinowire retag`.
    """
    console: Console = ctx.obj
    key = topic_of(topic, console.config.watchlist)
    with console.published() as con:
        here = article_of(con, article_id)
        made = teach(con, console.config, here, key, apply=apply, report=note)
    if made is None:
        raise output.RequestError(
            f"article {here!r} has no {key[0]} {key[1]!r}; "
            f"see: sinowire watchlist why {here}"
        )
    if shape is Format.table:
        say(f"this article only: sinowire verdicts add {here} not-topic {topic}")
        _tell(made, applied=apply)
    else:
        output.rows([asdict(made)], shape)
    if apply and made.exclusion:
        note(f"wrote {console.settings.home / FILE}")
        note("next: sinowire watchlist check; sinowire retag --dry-run")


def _tell(made: RejectedTopic, *, applied: bool) -> None:
    say(f"{made.kind:<10} {made.topic_id}, for which {made.term!r} spoke")
    if not made.exclusion:
        say(
            "exclusion  none: no words of the headline take it away, and few others with it"
        )
        return
    state = "added" if applied else "proposed; --apply adds it"
    words = ", ".join(f"'{each}'" for each in made.exclusion)
    say(f"exclusion  not = [{words}] ({state})")
    say(f"effect     {made.removed} of {made.tried} stored tags would go, such as")
    for title in made.examples:
        say(f"           {title}")
    if made.kept_examples:
        say(f"           {made.tried - made.removed} would stay, such as")
    for title in made.kept_examples:
        say(f"           {title}")

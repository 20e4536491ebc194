"""Commands that report errors: ``sinowire tags reject`` and ``watchlist reject``."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import duckdb
import typer

from flows.console import output
from flows.console.output import Console, Format, FormatOption, note, say
from flows.steps.rejections import Rejected, RejectedTopic, hits_in, reject_topic
from flows.steps.rejections import reject as reject_matches
from transforms.beats import WATCHLIST
from transforms.names.edit.exclusions import WrongHit
from transforms.names.verdicts import topic_of
from warehouse.news import findings as finding_store
from warehouse.news.identities import current_article
from warehouse.queries import Row

app = typer.Typer(
    help="Tags: reject a wrong topic or event of an article.", no_args_is_help=True
)
NEXT = "next: sinowire watchlist check; sinowire retag --dry-run"


@app.callback()
def group() -> None:
    """Say that a topic or event of an article is wrong."""


@app.command(name="reject")
def reject_tag(
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

    `sinowire verdicts add ARTICLE_ID not-topic TOPIC` corrects this article only. With
    --apply this command changes the rule for all articles, in the home's watchlist.toml.
    The proposal is tried on the newest articles with the tag; stored tags stay until
    `sinowire retag`.
    """
    console: Console = ctx.obj
    key = topic_of(topic, console.config.watchlist)
    with console.published() as con:
        here = article_of(con, article_id)
        rejected = reject_topic(con, console.config, here, key, apply=apply, report=note)
    if rejected is None:
        raise output.RequestError(
            f"article {here!r} has no {key[0]} {key[1]!r}; "
            f"see: sinowire watchlist why {here}"
        )
    if shape is Format.table:
        say(f"this article only: sinowire verdicts add {here} not-topic {topic}")
        _tell(rejected, applied=apply)
    else:
        output.rows([asdict(rejected)], shape)
    if apply and rejected.exclusion:
        note(f"wrote {console.settings.home / WATCHLIST}")
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


def register(app: typer.Typer) -> None:
    """Add the command to *app*."""
    app.command(name="reject")(reject_match)


def reject_match(
    ctx: typer.Context,
    article_id: Annotated[
        str, typer.Argument(metavar="ARTICLE_ID", help="The article that was matched.")
    ],
    company_id: Annotated[
        str, typer.Argument(metavar="COMPANY_ID", help="The company that it does not name.")
    ],
    apply: Annotated[
        bool, typer.Option("--apply", help="Also write the proposed exclusion.")
    ] = False,
    shape: FormatOption = Format.table,
) -> None:
    """Report a wrong match: keep it as a negative example, and propose an exclusion.

    `sinowire verdicts add ARTICLE_ID not-about COMPANY_ID` corrects this article only. This
    command changes the rule for all articles: it writes the alias to the home's
    watchlist.toml, and creates that file where there is none, to extend the shipped one.
    Stored mentions stay until `sinowire retag`.
    """
    console: Console = ctx.obj
    learned, still = change_rule(console, article_id, company_id, apply=apply)
    if shape is Format.table:
        only = f"sinowire verdicts add {article_id} not-about {company_id}"
        say(f"this article only: {only}")
        for one in learned:
            tell_learned(one, applied=apply)
    else:
        output.rows(map(asdict, learned), shape)
    note(f"wrote {console.settings.home / WATCHLIST}")
    if apply and still:
        note("the article still names the company: exclude more by hand")
    note(NEXT)


def change_rule(
    console: Console, article_id: str, company_id: str, *, apply: bool
) -> tuple[list[Rejected], bool]:
    """Add to the home's watchlist that an article does not name a company.

    Returns what was learned, and whether the article names it even so.
    """
    with console.published() as con:
        words = finding_store.words_of(con, article_of(con, article_id))
        hits = _hits(console, article_id, company_id, words)
        return reject_matches(con, console.config, hits, apply=apply, report=note)


def _hits(console: Console, article_id: str, company_id: str, words: Row) -> list[WrongHit]:
    if company_id not in words["companies"]:
        named = ", ".join(sorted(words["companies"])) or "no company"
        raise output.RequestError(
            f"article {article_id!r} does not mention {company_id!r}; it names {named}"
        )
    hits = hits_in(console.config, words, company_id)
    if not hits:
        raise output.WorkError(
            f"today's watchlist finds no {company_id!r} there any more; run: sinowire retag"
        )
    tickers = [hit.alias.text for hit in hits if hit.alias.kind == "ticker"]
    if tickers:
        raise output.WorkError(
            f"{tickers[0]} is a ticker of {company_id!r} and knows no exceptions; "
            f"take it out of tickers in {WATCHLIST}"
        )
    return hits


def tell_learned(one: Rejected, *, applied: bool) -> None:
    """Print the rule that one alias learned, and the stored mentions it removes."""
    say(f"alias      {one.alias} (in the {one.field})")
    say(f"example    not: {one.sentence}")
    if not one.exclusion:
        say("exclusion  none: the words beside it also stand beside true matches")
        return
    state = "added" if applied else "proposed; --apply adds it"
    say(f"exclusion  not = '{one.exclusion}' ({state})")
    say(f"effect     {one.removed} of {one.matches} stored mentions would go, such as")
    for title in one.examples:
        say(f"           {title}")
    if one.kept_examples:
        say(f"           {one.matches - one.removed} would stay, such as")
    for title in one.kept_examples:
        say(f"           {title}")


def article_of(con: duckdb.DuckDBPyConnection, article_id: str) -> str:
    """Return the current id of an article.

    Raises:
        RequestError: There never was such an article.
    """
    current = current_article(con, article_id)
    if current is None:
        raise output.RequestError(f"no article {article_id!r} in the published file")
    if current != article_id:
        output.note(f"{article_id} is one article with {current} now")
    return current

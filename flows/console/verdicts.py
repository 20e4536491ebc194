"""``sinowire verdicts``: corrections by readers, given once and kept."""

from __future__ import annotations

import getpass
import json
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from flows.console import output
from flows.console.output import CommandContext, Console, Format, FormatOption, note
from flows.console.rules import change_rule
from flows.settings import read_json_lines
from flows.steps.apply_verdicts import apply_verdicts, preview, undo_verdicts
from flows.steps.matters import TakenVerdict, UndoneVerdict
from transforms.models.verdicts import UNDO, GivenVerdict
from transforms.names.verdict_effects import checked
from transforms.text.lengths import counted
from warehouse.news import verdicts as verdict_store

app = typer.Typer(
    help="Verdicts: lasting corrections of articles, stories and alerts.",
    no_args_is_help=True,
)

VIA_IMPORT = " via import"
MOST_LINES = 100_000
_READ = ("subject_id", "kind", "value", "by", "why", "scope")
# What an export has besides, which counts nothing here.
_PASSED = ("verdict_id", "made_at", "undone_at")

WhyOption = Annotated[str, typer.Option("--why", help="Why, in up to 500 characters.")]
ByOption = Annotated[
    str, typer.Option("--by", help="Author; default: your name on this machine.")
]


@app.command()
def add(
    ctx: CommandContext,
    subject_id: Annotated[
        str,
        typer.Argument(metavar="ID", help="An article, story, alert, measure, claim."),
    ],
    kind: Annotated[
        str, typer.Argument(metavar="KIND", help="One of the kinds that are named above.")
    ],
    value: Annotated[
        str,
        typer.Argument(
            metavar="VALUE",
            help="A company, a topic or event, another article, or what is right.",
        ),
    ] = "",
    why: WhyOption = "",
    scope: Annotated[
        str,
        typer.Option(
            "--scope",
            metavar="SCOPE",
            help="article; rule: not-about and not-topic change your watchlist too.",
        ),
    ] = "article",
    by: ByOption = "",
) -> None:
    """Add a verdict; it is applied at once and survives every run and retag.

    Of an article: not-about COMPANY, about COMPANY, not-topic TOPIC, topic TOPIC (an event
    as event:ID where a topic has its id), off-beat, on-beat. Of a story, or of the article
    that shows it: one-event ID, not-one-event ID, headline. Of an alert: wanted, unwanted.
    Of a measure, or an article or story that tells of it: side SIDE, status STATUS,
    not-measure. Of a claim, or an article that makes it: basis BASIS, outcome OUTCOME.
    """
    given = GivenVerdict(
        subject_id=subject_id,
        kind=kind,
        value=value,
        by=by or user(),
        why=why,
        scope=scope,
    )
    if scope == "rule":
        given, ctx.obj = _change_rule(ctx.obj, given), Console(ctx.obj.home)
    taken = apply_verdicts(ctx.obj.config, [given], report=note)
    typer.echo("\n".join(map(_sentence, taken)))
    if given.scope == "rule":
        note("next: sinowire watchlist check; sinowire retag --dry-run")


@app.command()
def undo(
    ctx: CommandContext,
    verdict_id: Annotated[
        int, typer.Argument(metavar="N", help="Its number, from `verdicts list`.")
    ],
    why: WhyOption = "",
    by: ByOption = "",
) -> None:
    """Undo a verdict, those beside it that say the same, and all that they changed."""
    words = GivenVerdict(subject_id="", kind=UNDO, by=by or user(), why=why)
    [undone] = undo_verdicts(ctx.obj.config, [verdict_id], words, report=note)
    typer.echo(_undone(undone))
    if undone.given.scope == "rule":
        note("its rule stays in watchlist.toml: take the exclusion out there")


@app.command(name="list")
def list_verdicts(
    ctx: CommandContext,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Print at most this many rows.")
    ] = None,
    shape: FormatOption = Format.table,
) -> None:
    """Print all verdicts, undone ones too, newest first."""
    with ctx.obj.published() as con:
        verdicts = verdict_store.listed(con, limit=limit)
    output.rows(verdicts, shape)
    if not verdicts:
        note("no verdicts yet; see: sinowire verdicts add --help")


@app.command(name="import")
def import_verdicts(
    ctx: CommandContext,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="JSON lines, as `export` writes them.")
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only print what would be imported.")
    ] = False,
    shape: FormatOption = Format.table,
) -> None:
    """Import all new verdicts of a file, or none.

    A line: {"subject_id", "kind", "value", "by", "why"}; they are by "NAME via import".
    """
    given = list(_read(file))
    if dry_run:
        with ctx.obj.published() as con:
            taken = preview(con, ctx.obj.config.watchlist, given)
    else:
        taken = apply_verdicts(
            ctx.obj.config, given, command="verdicts import", report=note
        )
    fresh = [each for each in taken if each.is_new]
    output.rows(map(_row, fresh), shape)
    verb = "would be taken" if dry_run else "taken"
    stood = len(taken) - len(fresh)
    note(f"{counted(len(fresh), 'verdict')} {verb}; {stood:,} stood already")


@app.command()
def export(
    ctx: CommandContext,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file of JSON lines.")],
) -> None:
    """Write all verdicts to a file, a JSON object a line, in the order they were given."""
    with ctx.obj.published() as con:
        verdicts = verdict_store.listed(con)[::-1]
    text = "".join(f"{output.json_line(row)}\n" for row in verdicts)
    try:
        with file.open("x", encoding="utf-8") as made:
            made.write(text)
    except FileExistsError:
        raise output.RequestError(f"{file} exists already; name a new file") from None
    except OSError as exc:
        raise output.WorkError(f"{file} cannot be written: {exc.strerror}") from exc
    typer.echo(f"wrote {counted(len(verdicts), 'verdict')} to {file}")


def _change_rule(console: Console, given: GivenVerdict) -> GivenVerdict:
    """Change the watchlist as well, and print the effect.

    Returns the verdict, of this article alone where no words tell it from true matches.
    """
    given = checked(given, console.config.watchlist)
    with console.published() as con:
        [here] = preview(con, console.config.watchlist, [given])
    if change_rule(console, here.given):
        return given
    note("no rule was changed: the verdict applies to this article alone")
    return replace(given, scope="article")


def user() -> str:
    """Return the default author of a verdict: the user's name on this machine."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        # This process runs as a user without a name: the verdict says unknown.
        return ""


def _read(file: Path) -> list[GivenVerdict]:
    lines = []
    for number, record in read_json_lines(file):
        if number > MOST_LINES:
            raise output.RequestError(
                f"{file} has more than {MOST_LINES:,} lines; cut it into several"
            )
        where = f"{file}:{number}"
        if _is_standing(record, where):
            lines.append(_given(record, where))
    return lines


def _is_standing(record: dict[str, Any], where: str) -> bool:
    if strange := sorted(record.keys() - {*_READ, *_PASSED}):
        named = json.dumps(strange[0], ensure_ascii=False)
        raise output.RequestError(
            f"{where}: {named} is not a field of a verdict; write {', '.join(_READ)}"
        )
    return record.get("undone_at") is None


def _given(record: dict[str, Any], where: str) -> GivenVerdict:
    words: dict[str, Any] = {
        name: "" if record.get(name) is None else record[name] for name in _READ
    }
    for name, value in words.items():
        if not isinstance(value, str):
            raise output.RequestError(f"{where}: {name} is not a text in quotes")
    for name in ("subject_id", "kind"):
        if not words[name]:
            raise output.RequestError(f"{where}: it has no {name}")
    given = GivenVerdict(**{**words, "scope": words["scope"] or "article", "source": where})
    if given.scope != "article":
        raise output.RequestError(
            f"{where}: scope {given.scope!r} would change the watchlist of this home; an "
            "import takes scope article alone"
        )
    return replace(given, by=f"{given.by.removesuffix(VIA_IMPORT)}{VIA_IMPORT}".strip())


def _row(taken: TakenVerdict) -> dict[str, Any]:
    given = taken.given
    named = {name: getattr(given, name) for name in ("by", "subject_id", "kind", "value")}
    return {"verdict_id": taken.verdict_id, **named, "why": given.why}


def _sentence(taken: TakenVerdict) -> str:
    if not taken.is_new:
        return f"verdict {taken.verdict_id} stands already: {_words(taken.given)}"
    said = f"verdict {taken.verdict_id}: {_words(taken.given)}"
    if not taken.over:
        return said
    numbers = ", ".join(map(str, taken.over))
    return f"{said}; it holds over verdict {numbers}, which said the contrary"


def _undone(undone: UndoneVerdict) -> str:
    numbers = ", ".join(map(str, undone.alike))
    alike = f", and {numbers}, which said the same" if numbers else ""
    said = f"verdict {undone.verdict_id} taken back{alike}: {_words(undone.given)}"
    if not (stands := undone.stands):
        return said
    return f"{said}; verdict {stands.verdict_id} stands: {_words(stands.given)}"


def _words(given: GivenVerdict) -> str:
    return " ".join(filter(None, (given.subject_id, given.kind, given.value)))

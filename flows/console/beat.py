"""``sinowire beat``: what is watched; another beat made of labelled headlines."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.beats import DEFAULT_BEAT, unread_files
from flows.console import output
from flows.console.output import CommandContext, Format, FormatOption, note, say
from flows.settings import FILE
from flows.steps.summary import warn
from transforms.text.lengths import counted

if TYPE_CHECKING:
    from transforms.training.drafts import Misjudged

# So many firms at home, and so many labels that are judged otherwise, are told.
_FIRST, _WORST = 8, 10
app = typer.Typer(
    help="Beats: what is watched, and another one made of labelled headlines.",
    no_args_is_help=True,
)
LabelsOption = Annotated[
    Path | None,
    typer.Option(
        "--from", metavar="FILE", help="Labels, JSON lines: see `sinowire beat new -h`."
    ),
]


@app.command(name="list")
def list_all(ctx: CommandContext, shape: FormatOption = Format.table) -> None:
    """Print every shipped beat and the home's own, and which one is in use."""
    from flows.steps.beat_making import list_beats  # noqa: PLC0415

    output.rows(list_beats(ctx.obj.settings), shape)


@app.command()
def new(
    ctx: CommandContext,
    beat_id: Annotated[
        str, typer.Argument(metavar="ID", help="Small letters, digits and hyphens.")
    ],
    labels: LabelsOption = None,
    *,
    name: Annotated[str, typer.Option(help="What titles call it.")] = "",
    zh: Annotated[str, typer.Option(help="The same in Chinese.")] = "",
    extends: Annotated[
        str, typer.Option(metavar="BEAT", help="Whose files hold where it says nothing.")
    ] = DEFAULT_BEAT,
    zone: Annotated[
        str, typer.Option(help="Where its days begin, such as Europe/Oslo.")
    ] = "",
    languages: Annotated[
        str, typer.Option(help="Of its headlines, such as en,zh; default: the labels'.")
    ] = "",
    side: Annotated[
        str, typer.Option(help="Whose acts and answers pages tell: cn, or none.")
    ] = "",
    inherit: Annotated[
        bool,
        typer.Option(
            "--inherit", help="Follow the firms, people, topics and alerts of --extends."
        ),
    ] = False,
    refit: Annotated[
        bool,
        typer.Option(
            "--refit", help="Fit the weights of a beat of yours anew, after your edits."
        ),
    ] = False,
    shape: FormatOption = Format.table,
) -> None:
    """Make a beat of labelled headlines: firms at home, words, and fitted weights.

    A line of the labels: {"title": "Wind farm opens off Jutland", "on": true}, {"title":
    "海上风电招标流拍", "on": true} or {"title": "Storm fells trees", "on": false}; beside
    these "language", "source" and "summary" are read. About 200 are good, some forty on
    the beat at least, in each language that you read, and off it those that are near.

    The folder beats/ID of the home is yours to edit: add firms and words that you know,
    then repeat with --refit. Precision and recall are cross-validated: each headline is
    judged by what the others say.
    """
    from flows.steps.beat_making import (  # noqa: PLC0415
        BeatHead,
        make_beat,
        read_label_file,
        refit_beat,
    )

    if labels is None:
        raise output.RequestError("--from names no labels; see: sinowire beat new --help")
    if refit and (name or zh or zone or side or inherit or extends != DEFAULT_BEAT):
        raise output.RequestError("--refit changes the weights alone; leave the others out")
    judged = read_label_file(labels)
    progress = output.progress()
    progress(f"fitting to {counted(len(judged), 'label')}")
    if refit:
        made = refit_beat(ctx.obj.settings, beat_id, judged)
    else:
        head = BeatHead(
            extends=extends,
            name=name,
            zh=zh,
            side=_asked(side, "whose acts of states are told (cn, none)", "none"),
            zone=_asked(zone, "time zone of its days", "UTC"),
            languages=languages,
        )
        made = make_beat(ctx.obj.settings, beat_id, judged, head=head, inherits=inherit)
    progress("")
    output.rows(_figures(made.accuracy), shape)
    if shape is Format.table and made.draft:
        say(f"\nat home    {', '.join(made.draft.home) or 'no company that is known'}")
        for group, words in made.draft.words.items():
            say(f"{group:<10} {', '.join(each.word for each in words)}")
    note(f"wrote {made.folder}")
    note(f"next: edit its files; sinowire beat check {beat_id} --from {labels}")
    if ctx.obj.settings.beat != beat_id:
        note(f'and to use it: beat = "{beat_id}" in {ctx.obj.settings.home / FILE}')


@app.command()
def check(
    ctx: CommandContext,
    beat: Annotated[
        str | None,
        typer.Argument(metavar="ID or FOLDER", help="Default: the beat of this home."),
    ] = None,
    labels: LabelsOption = None,
    shape: FormatOption = Format.table,
) -> None:
    """Read the files of a beat and lint them; with labels, also score it as it stands.

    Found are evidence that there never is, weights beyond reason, words that any headline
    has, sectors and firms that are not there, names that are words, and a home that holds
    nobody or nearly every firm. What a home of the beat would be refused for, is refused.

    With labels, the ten that are judged most wrongly are told with what decided.
    """
    from flows.steps.beat_making import check_beat, read_label_file  # noqa: PLC0415

    name = beat or ctx.obj.settings.beat
    judged = read_label_file(labels) if labels else None
    progress = output.progress()
    progress(f"checking {name}")
    made = check_beat(ctx.obj.settings, name, judged)
    progress("")
    if made.findings:
        output.rows(map(asdict, made.findings), shape)
    if judged and shape is Format.table:
        output.rows(_figures(made.judged.accuracy), shape)
        _say_wrong(made.judged.wrong)
    warn(unread_files(ctx.obj.settings.home, name), note)
    note(f"at home: {_listed(made.home)}")
    note(f"beat {name}: {counted(len(made.findings), 'finding')}")


def _asked(said: str, question: str, default: str) -> str:
    """Return what an option says; at a terminal ask for what none does."""
    if said or not sys.stdin.isatty():
        return said or default
    return str(typer.prompt(question, default=default, err=True))


def _say_wrong(wrong: Sequence[Misjudged]) -> None:
    """Print the worst of the labels that are judged otherwise, with their evidence."""
    if wrong:
        say(f"\nlabels that the beat judges differently: {len(wrong)}, the worst first")
    for each in wrong[:_WORST]:
        side = "on" if each.label.is_on else "off"
        say(f"{side:<3} {each.relevance:.2f}  {each.label.title}\n          {each.because}")


def _listed(names: Sequence[str]) -> str:
    more = ", …" if len(names) > _FIRST else ""
    first = ", ".join(names[:_FIRST])
    return f"{counted(len(names), 'firm')}: {first}{more}" if names else "nobody"


def _figures(accuracy: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "labels": kind,
            "on": f.on,
            "off": f.off,
            "precision": round(f.precision, 2),
            "recall": round(f.recall, 2),
            "f1": round(f.f1, 2),
        }
        for kind, f in accuracy.items()
    ]

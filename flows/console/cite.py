"""``sinowire cite`` and ``sinowire verify``: citations, and what became of them since."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.console import output
from flows.console.output import CommandContext, Console, Format, FormatOption, RequestError
from transforms.text.lengths import counted

if TYPE_CHECKING:
    from transforms.citations.citation import Cited
    from transforms.citations.verify import Verified

# So much of a file is in memory at one time, and so many citations are looked up together.
PIECE = 1 << 16
TOGETHER = 10_000
MOST_CHARACTERS = 1_000_000_000


class CitationStyle(StrEnum):
    """Style of citations."""

    csl_json = "csl-json"
    ris = "ris"
    bibtex = "bibtex"
    chicago = "chicago"
    text = "text"


def cite(
    ctx: CommandContext,
    wanted: Annotated[
        list[str],
        typer.Argument(
            metavar="ID",
            help="Articles, stories, measures, claims, or a number as "
            "\"share_between('2026-01-01', '2026-02-01')\".",
        ),
    ],
    style: Annotated[
        CitationStyle, typer.Option(help="How they are written.")
    ] = CitationStyle.csl_json,
    file: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Write to this file; default: print."),
    ] = None,
) -> None:
    """Cite what is here: with outlet, day, address, hash, and version of data and rules.

    `sinowire verify` reads csl-json and ris, and finds months later whether all still
    stands. A number may choose columns and rows, as in SQL: select share from
    share_between('2026-01-01', '2026-02-01') where company_id = 'huawei'.
    """
    from flows.steps.citations import UnknownCitedError, cite  # noqa: PLC0415  slow
    from transforms.citations.citation import NumberError  # noqa: PLC0415  slow
    from transforms.citations.styles import render  # noqa: PLC0415  slow

    with ctx.obj.published() as con:
        try:
            citations = cite(con, wanted, data=ctx.obj.settings.data)
        except (NumberError, UnknownCitedError) as exc:
            raise RequestError(str(exc)) from exc
    for given, made in zip(wanted, citations, strict=True):
        if made.kind != "number" and made.id != given:
            output.note(f"{given} is {made.id} now")
    text = render(citations, style.value)
    if file is None:
        output.say(text.rstrip("\n"))
        return
    output.write(file, text)
    output.note(f"wrote {counted(len(citations), 'citation')} to {file}")


def verify(
    ctx: CommandContext,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="CSL-JSON or RIS, of any product.")
    ],
    release: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Read this release; default: what is published."),
    ] = None,
    shape: FormatOption = Format.table,
) -> None:
    """Verify citations offline: whether what they say still stands in this data.

    same; rewritten: the words of an earlier version; gone: its outlet took it down;
    differs: no version has these words, outlet, address or day, or the number is another;
    absent: not in this data; unknown: a release cannot tell. Exit code: 0 all same, 1 not,
    2 the file cannot be read. BibTeX is not read.
    """
    from flows.steps.citations import UnknownCitedError  # noqa: PLC0415  slow
    from transforms.citations.read import CitationError, read_citations  # noqa: PLC0415

    rows: list[dict[str, Any]] = []
    try:
        cited = read_citations(_pieces(file))
        with _verifier(ctx.obj, release) as verified:
            while some := list(islice(cited, TOGETHER)):
                for each, found in zip(some, verified(some), strict=True):
                    rows.append(
                        {
                            "id": each.id,
                            "state": found.state,
                            "why": found.why,
                            "since": found.since,
                            "now": found.now,
                        }
                    )
    except CitationError as exc:
        raise RequestError(f"{file} {exc}") from exc
    except UnknownCitedError as exc:
        raise RequestError(str(exc)) from exc
    output.rows(rows, shape)
    states = Counter(row["state"] for row in rows)
    told = ", ".join(f"{count:,} {state}" for state, count in states.most_common())
    output.note(f"{counted(len(rows), 'citation')}: {told}")
    if states.keys() != {"same"}:
        raise typer.Exit(1)


@contextmanager
def _verifier(
    console: Console, release: Path | None
) -> Iterator[Callable[[Sequence[Cited]], list[Verified]]]:
    """Yield what verifies citations: against a release, or against what is published."""
    from flows.steps import verification  # noqa: PLC0415  slow
    from warehouse.upkeep.released import open_released  # noqa: PLC0415  slow

    if release is None:
        with console.published() as con:
            yield lambda some: verification.verify_citations(con, some)
    else:
        with open_released(release) as (con, released):
            yield lambda some: verification.verify_released(con, some, released)


def _pieces(file: Path) -> Iterator[str]:
    """Yield a file's text in pieces, within the limit.

    Raises:
        RequestError: It cannot be read, is no text, or is too large.
    """
    read = 0
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            while piece := text.read(PIECE):
                read += len(piece)
                if read > MOST_CHARACTERS:
                    most = f"{MOST_CHARACTERS:,} characters"
                    raise RequestError(f"{file} has more than {most}; cut it into several")
                yield piece
    except UnicodeDecodeError as exc:
        raise RequestError(f"{file} is not UTF-8: save it as that") from exc
    except OSError as exc:
        raise RequestError(f"{file} cannot be read: {exc.strerror}") from exc

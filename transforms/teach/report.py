"""Report on a teaching: rows for programs, and lines of 80 cells for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rich.cells import set_cell_size

from transforms.alerts.rules.mutes import CUT, PART, START
from transforms.models.verdicts import Taught
from transforms.teach.parts import Learnt
from transforms.text.fit import cut_cells, folded_lines
from transforms.text.lengths import counted

WIDTH = 80
# So many examples of a change, and so many signs, are shown.
EXAMPLES, SIGNS = 10, 12
_SHARE = {True: "wanted of what is sent", False: "right"}

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """Number of changes over the last 30 days, with up to ten examples."""

    change: str
    count: int
    of: int
    examples: tuple[str, ...]


def effect_of(change: str, found: Sequence[str], of: int) -> Effect:
    """Return an effect with the first of *found* as examples."""
    return Effect(change=change, count=len(found), of=of, examples=tuple(found[:EXAMPLES]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Teaching:
    """Result of learning: each part, the precision of rules, and the effects.

    ``taught`` are all weights in force afterwards; parts that do not help keep theirs.
    """

    verdicts: int
    learnt: tuple[Learnt, ...]
    precision: tuple[Mapping[str, Any], ...]
    changes: tuple[Effect, ...]
    taught: Taught

    @property
    def helps(self) -> bool:
        """Whether any part helps."""
        return any(part.helps for part in self.learnt)

    @property
    def sentence(self) -> str:
        """Tell whether the verdicts are enough to help."""
        if not self.verdicts:
            return "There are no verdicts to learn from; see: sinowire verdicts add --help"
        given = counted(self.verdicts, "verdict")
        if not self.helps:
            return (
                f"{given} are too few to help, or too unlike each other: nothing to apply."
            )
        parts = " and ".join(_CALLED[part.part] for part in self.learnt if part.helps)
        return f"{given} help {parts}; apply it with: sinowire teach --apply"


_CALLED = {
    PART: "alerts",
    "beat": "the beat",
    "latin": "stories in Latin script",
    "han": "stories in Chinese",
    "cross": "stories across languages",
}


def rows_of(teaching: Teaching) -> list[Row]:
    """Return the report as rows; ``section`` names the kind of each."""
    return [
        {
            "section": "summary",
            "verdicts": teaching.verdicts,
            "helps": teaching.helps,
            "sentence": teaching.sentence,
        },
        *(
            {
                "section": "part",
                "part": part.part,
                "verdicts": part.verdicts,
                "helps": part.helps,
                "before": part.before,
                "after": part.after,
                "kept": part.kept,
                "sentence": part.sentence,
            }
            for part in teaching.learnt
        ),
        *({"section": "precision", **row} for row in teaching.precision),
        *(
            {"section": "weight", **each._asdict(), "was": part.was.get(each.name)}
            for part in teaching.learnt
            for each in part.weights
        ),
        *({"section": "change", **asdict(each)} for each in teaching.changes),
    ]


def lines_of(teaching: Teaching) -> Iterator[str]:
    """Yield the report in lines of 80 cells."""
    yield from folded_lines(teaching.sentence, WIDTH)
    yield from _precision(teaching.precision)
    yield "\nBefore and after, by verdicts that the weights did not see"
    for part in teaching.learnt:
        yield from _of_part(part)
    for part in teaching.learnt:
        if part.helps:
            yield from _signs(part)
    if teaching.changes:
        yield "\nIn the last 30 days of the record this would change"
    for change in teaching.changes:
        yield f"  {change.change}: {change.count:,} of {change.of:,}"
        for example in change.examples:
            yield cut_cells(f"    {example}", WIDTH)


def _precision(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if rows:
        yield "\nWanted, by your verdicts      wanted of judged   share   95 % interval"
    shown: Counter[str] = Counter()
    for row in rows:
        shown[row["part"]] += 1
        if shown[row["part"]] > EXAMPLES:
            continue
        name = cut_cells(f"{row['part']} {row['id']}", 30)
        counts = f"{row['wanted']:>6} of {row['judged']:<6}"
        figure = f"{row['share']:>8.2f}   {row['low']:.2f} to {row['high']:.2f}"
        if row["missing"]:
            figure = f"{row['missing']:>4} more are needed to say"
        yield f"{set_cell_size(name, 30)} {counts} {figure}"
    if more := sum(max(0, n - EXAMPLES) for n in shown.values()):
        yield f"… and {more:,} more: sinowire teach --format json"


def _of_part(part: Learnt) -> Iterator[str]:
    told = f"{_CALLED[part.part]}: {part.sentence}"
    if part.before is not None and part.after is not None:
        kept = "" if part.kept is None else f", {part.kept:.2f} of the wanted ones kept"
        what = _SHARE[part.part == PART]
        told += f" ({what}: {part.before:.2f} before, {part.after:.2f} after{kept})"
    first, *more = folded_lines(told, WIDTH - 4)
    yield f"  {first}"
    yield from (f"    {line}" for line in more)


def _signs(part: Learnt) -> Iterator[str]:
    changed = [
        (abs(each.weight - part.was.get(each.name, 0.0)), each)
        for each in part.weights
        if each.name not in (START, CUT)
    ]
    yield f"\nWhat {_CALLED[part.part]} would be weighed by"
    for _, each in sorted(changed, key=lambda pair: -pair[0])[:SIGNS]:
        was = part.was.get(each.name)
        shipped = f" (was {was:+.2f})" if was else ""
        yield cut_cells(f"  {each.weight:+.2f}  {each.name}{shipped}", WIDTH)

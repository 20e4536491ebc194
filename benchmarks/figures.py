"""Write docs/figures.md, and the README's table, from what benchmarks recorded.

    python benchmarks/figures.py [--check]

--check writes nothing and names the figures whose code changed after they were measured.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Sequence
from statistics import mode

from results import ROOT, Result, Run, git, recorded

PAGE = ROOT / "docs" / "figures.md"
README = ROOT / "README.md"
BLOCK = re.compile(r"(?<=<!-- figures -->\n).*?(?=<!-- /figures -->)", re.DOTALL)
# What the README quotes, in this order.
QUOTED = ("poll", "views", "desk", "blind", "conformance", "kills")
INTRO = """\
# Figures

Each figure was printed by the command beside it, on the day and machine and with the
commit that are named. `python benchmarks/figures.py` writes this page from
`benchmarks/results/*.json`, which a benchmark writes when it is called with `--record`.
Where the code under a figure changed since, its age says so. Where no machine is named,
it was {usual}.
Studies that are not repeated, and older figures: [measured/](measured/README.md).
"""


def main() -> None:
    """Write the pages, or say which figures are old."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    results = recorded()
    if args.check:
        print("\n".join(f"{each.name}: {age(each)}" for each in results))
        return
    PAGE.write_text(page(results), encoding="utf-8")
    text = README.read_text(encoding="utf-8")
    README.write_text(BLOCK.sub(lambda _: quoted(results), text), encoding="utf-8")


def page(results: Sequence[Result]) -> str:
    """Return docs/figures.md."""
    usual = mode(_run(each).machine for each in results)
    sections = ("\n".join(_section(each, usual)) for each in results)
    return "\n".join([INTRO.format(usual=usual), *sections])


def quoted(results: Sequence[Result]) -> str:
    """Return the README's table: what was measured, what came out, how to repeat it."""
    by_name = {each.name: each for each in results}
    rows = (by_name[name] for name in QUOTED if name in by_name)
    lines = ["| | measured | repeat it |", "|---|---|---|"]
    lines += [f"| {r.title} | {r.summary} | `{_run(r).command}` |" for r in rows]
    return "\n".join(lines) + "\n"


def age(result: Result) -> str:
    """Say how far the code has moved since *result* was measured."""
    run = _run(result)
    changed = git("log", "-1", "--format=%cs, %h", "--", *result.code)
    # The commit may lie here still, of a branch that was rebased: others do not have it.
    if not git("merge-base", run.commit, "HEAD").startswith(run.commit):
        return "measured on a commit that is not in this history"
    commits = git("rev-list", "--count", f"{run.commit}..HEAD", "--", *result.code)
    if commits == "0":
        return f"its code last changed before it was measured ({changed})"
    return f"its code changed in {commits} commits since, last on {changed}"


def _section(result: Result, usual: str) -> Iterator[str]:
    run = _run(result)
    machine = "" if run.machine == usual else f", {run.machine}"
    yield f"## {result.title}\n"
    yield f"`{run.command}`, {run.date}, commit `{run.commit}`{machine}."
    yield f"Age: {age(result)}.\n"
    for table in result.tables:
        yield "\n".join(table.markdown()) + "\n"
    yield "\n".join([*result.notes, result.summary]) + "\n"


def _run(result: Result) -> Run:
    assert result.run is not None
    return result.run


if __name__ == "__main__":
    main()

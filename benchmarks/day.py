"""What does a home cost a day that polls all its feeds every quarter of an hour?

    python benchmarks/day.py [--feeds 120] [--passes 8] [--minutes 5] [--record]

A home polls so many feeds of ``../shared/bench/load`` (or --load) once; then passes follow
in which three in a hundred feeds have three new entries each, about a thousand a day.
`sinowire run`, as a timer starts it, is measured a pass; `sinowire up` is measured for
some minutes in which no pass is due: Prefect's server and runner, and the desk. A day is
96 passes, and 86,400 seconds of waiting. Feeds answer by HTTP: TLS comes on top.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from pathlib import Path

import measure
from poll import LOAD, control, serving, sinowire
from results import Result, Table, arguments, publish

PASSES_A_DAY = 96
SECONDS_A_DAY = 86_400
DESK_PORT = 18281
NEWS = "bump?frac=0.03"
# Until the first pass of `up`, and what its start leaves behind, are over.
SETTLE = 120


def main() -> None:
    """Measure passes and waiting, print."""
    parser = arguments(__doc__)
    parser.add_argument("--feeds", type=int, default=120)
    parser.add_argument("--passes", type=int, default=8)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--load", type=Path, default=LOAD)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as work, serving(args.load, args.feeds):
        command, env = sinowire(Path(work) / "home", control("urls").split())
        measure.measure(command, env=env)
        passes = []
        for _ in range(args.passes):
            control(NEWS)
            passes.append(measure.measure(command, env=env))
        up = [command[0], "up", "--port", "18282", "--web-port", str(DESK_PORT)]
        with measure.serving(up, f"http://127.0.0.1:{DESK_PORT}/", env=env) as process:
            time.sleep(SETTLE)
            before = spent(process.pid)
            time.sleep(args.minutes * 60)
            waiting = (spent(process.pid) - before) / (args.minutes * 60)
            held = sum(map(measure.resident, measure.tree(process.pid))) * 1024 / 1e6
    each = statistics.median(cost.cpu for cost in passes)
    peak = max(cost.peak_mb for cost in passes)
    by_timer, by_up = (
        each * PASSES_A_DAY,
        each * PASSES_A_DAY + waiting * SECONDS_A_DAY,
    )
    publish(
        Result(
            name="day",
            title=f"Cost of a day with {args.feeds} feeds every quarter of an hour",
            summary=f"`sinowire run` by a timer: {by_timer:.0f} CPU s a day, "
            f"{peak:.0f} MB; `sinowire up`, with Prefect and the desk: "
            f"{by_up:,.0f} CPU s a day, {held:.0f} MB",
            code=("connectors", "flows", "transforms", "warehouse"),
            tables=[
                Table(
                    columns=["", "measured"],
                    rows=[
                        ["CPU s of a pass", each],
                        ["MB of a pass", round(peak)],
                        ["CPU s of a second of waiting, `up`", waiting],
                        ["MB of `up` between passes", round(held)],
                        ["CPU s a day, passes alone", by_timer],
                        ["CPU s a day, `up`", by_up],
                    ],
                )
            ],
            notes=[f"Median of {args.passes} passes.\n"],
        ),
        record=args.record,
    )


def spent(pid: int) -> float:
    """Return the CPU seconds of a process, of all below it and of those that ended."""
    ticks = 0
    for each in measure.tree(pid):
        try:
            stat = Path(f"/proc/{each}/stat").read_text(errors="replace")
        except OSError:
            continue
        ticks += sum(map(int, stat.rpartition(")")[2].split()[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()

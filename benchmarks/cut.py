"""What a cut network costs: who holds the turn on a lake loses its cable for a minute.

    python benchmarks/cut.py [--seconds 60]

Two machines are network namespaces on one bridge with PostgreSQL (root, iproute2). One has
the turn and an open transaction when its cable is pulled; nobody tells PostgreSQL. The
other waits for the turn, gets it, and commits. Then the cable is put back and the first one
commits, too late: it has to be refused, and the lake to hold what the second one wrote.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from results import ROOT, Result, Table, add_record_option
from results import publish as publish_result

sys.path[:0] = [str(ROOT / "tests")]
import hosts  # noqa: E402  the machines that tests have
import postgres  # noqa: E402

MOST_SECONDS = 40.0  # in which the turn has to pass on
WRITE = """
import sys
import time
from flows.settings import load_settings
from flows.steps.warehouse import open_writer
from warehouse.errors import WarehouseError
from warehouse.file.connect import transaction

zone, holds = sys.argv[1:]
try:
    with open_writer(load_settings(), f"write {zone}") as con:
        print("in", flush=True)
        with transaction(con):
            con.execute("update reporting set zone = $zone", {"zone": zone})
            if holds == "hold":
                print("written", flush=True)
                sys.stdin.readline()
    print("committed", flush=True)
except WarehouseError as exc:
    print(f"refused: {exc}", flush=True)
"""
READ = """
from flows.settings import load_settings
from flows.steps.warehouse import open_writer

with open_writer(load_settings(), "read") as con:
    print(con.execute("select zone from reporting").fetchone()[0])
"""


def main() -> int:
    """Cut, wait, mend, print; exit 1 where the turn or the lake was not as promised."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60.0, help="without a cable")
    add_record_option(parser)
    args = parser.parse_args()
    if why_not := hosts.needed() or postgres.needed():
        print(f"skipped: {why_not}")
        return 0
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        network = stack.enter_context(hosts.Network())
        cluster = stack.enter_context(postgres.Postgres())
        cluster.listen_at(network.addresses[0])
        cluster.make_database("lake")
        (folder / "rows").mkdir()
        catalog = cluster.dsn("lake", host=network.addresses[0])
        alpha, beta = (
            stack.enter_context(network.host(name, folder / name))
            for name in ("alpha", "beta")
        )
        for host in (alpha, beta):
            host.env |= {
                "SINOWIRE_WAREHOUSE": f"ducklake:postgres:{catalog}",
                "SINOWIRE_LAKE": str(folder / "rows"),
            }
        _read(beta)  # now the lake is there
        passed, late, zone = _cut(alpha, beta, args.seconds)
    publish_result(_result(args.seconds, passed, late), record=args.record)
    is_well = passed < MOST_SECONDS and late.startswith("refused") and zone == "Asia/Tokyo"
    return 0 if is_well else 1


def _cut(alpha: hosts.Host, beta: hosts.Host, seconds: float) -> tuple[float, str, str]:
    """Pull the cable, and put it back.

    Returns in how many seconds the turn passed on, what came of the late commit, and which
    zone the lake has then.
    """
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with alpha.python(WRITE, "Europe/Paris", "hold", **pipes) as holder:
        _expect(holder, "in", "written")
        alpha.cut()
        cut = time.monotonic()
        with beta.python(WRITE, "Asia/Tokyo", "let go", stdout=subprocess.PIPE) as after:
            _expect(after, "in")
            passed = time.monotonic() - cut
            _expect(after, "committed")
        time.sleep(max(0.0, cut + seconds - time.monotonic()))
        alpha.mend()
        late, _ = holder.communicate("\n", timeout=120)
    return passed, late.strip(), _read(beta)


def _read(host: hosts.Host) -> str:
    with host.python(READ, stdout=subprocess.PIPE) as reader:
        said, _ = reader.communicate(timeout=120)
    return str(said).strip()


def _expect(process: subprocess.Popen[str], *lines: str) -> None:
    for line in lines:
        said = process.stdout.readline() if process.stdout else ""
        if said != f"{line}\n":
            raise RuntimeError(f"{line!r} was to be said, and it said {said!r}")


def _result(seconds: float, passed: float, late: str) -> Result:
    return Result(
        name="cut",
        title="A holder of the turn whose cable is pulled",
        summary=f"The holder's cable pulled, the next host has the turn after {passed:.0f} "
        f"s; what the holder commits when it is back is "
        f"{'refused' if late.startswith('refused') else 'NOT refused'}",
        code=(
            "warehouse/lake/turn.py",
            "warehouse/lake/address.py",
            "warehouse/dialect.py",
        ),
        tables=[
            Table(
                columns=["what", "seen"],
                rows=[
                    ["without a cable, s", seconds],
                    ["the next host has the turn after, s", passed],
                    ["the holder's late commit", late],
                ],
            )
        ],
    )


if __name__ == "__main__":
    sys.exit(main())

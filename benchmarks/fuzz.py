"""Look for documents that crash, hang or bloat the parser, guided by coverage.

    python -m venv /tmp/fuzz && /tmp/fuzz/bin/pip install . atheris
    /tmp/fuzz/bin/python benchmarks/fuzz.py --seeds DIR --minutes 30

Needs atheris (Google's libFuzzer for Python), which the project itself does not.
DIR holds feeds as files, or in .tar.xz and .tar.gz archives; a few small ones of
each archive are taken. Found inputs go to --work, where a later run goes on. Prints
executions, growth of coverage, the slowest input and peak memory. Exit 1 where an
input crashed, took longer than --timeout or more than --memory.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import resource
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MAX_SEED = 24_000
SEEDS_AN_ARCHIVE = 12
# The first byte of an input chooses what the server says of it.
CONTENT_TYPES = (
    "",
    "application/rss+xml",
    "text/xml; charset=gb2312",
    "text/html; charset=utf-8",
    "application/xml; charset=big5",
    "application/json",
    "text/xml; charset=utf-16",
    "text/plain; charset=iso-8859-1",
)
INSTRUMENTED = ["connectors.feeds", "transforms", "feedparser", "feedparser_sgmllib"]


# What a feed is made of, so that mutations are not letters alone.
WORDS = """\
<item>
</item>
<entry>
</entry>
<title>
<link>
<guid>
<pubDate>
<dc:date>
<updated>
<content:encoded>
<![CDATA[
]]>
<!--
-->
<!DOCTYPE
<!ENTITY
&amp;
&#xD800;
&#0;
&nbsp;
<rss
<feed
<rdf:RDF
<urlset
xml:base=
xmlns=
encoding=
2026年8月23日
3小时前
昨天
GMT+8
CST
Tue, 04 Aug 2026 09:00:00 GMT
1785834000
{"version":"https://jsonfeed.org/version/1.1","items":[
"date_published":
\\ud800
javascript:
data:
"""


def main() -> int:
    """Run the fuzzer in a process of its own and report; return the exit code."""
    options = _options()
    if options.child:
        _fuzz(options.child)
        return 0
    work = options.work
    for folder in ("corpus", "crashes"):
        (work / folder).mkdir(parents=True, exist_ok=True)
    seeds = sum(_write_seed(work / "corpus", body) for body in _seeds(options.seeds))
    before = set((work / "crashes").iterdir())
    start = time.monotonic()
    log = work / "log.txt"
    with log.open("wb") as out:
        subprocess.run(_command(options), stdout=out, stderr=out, check=False, cwd=ROOT)
    crashes = sorted(set((work / "crashes").iterdir()) - before)
    _report(log.read_text(errors="replace"), seeds, time.monotonic() - start, crashes)
    return int(bool(crashes))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seeds", type=Path, help="folder of captured feeds")
    parser.add_argument("--minutes", type=float, default=3)
    parser.add_argument("--work", type=Path, default=Path("fuzz-work"))
    parser.add_argument("--timeout", type=int, default=15, help="seconds an input may take")
    parser.add_argument("--memory", type=int, default=1_000, help="MB it may take")
    parser.add_argument("--child", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if not options.child and not options.seeds:
        options.seeds = ROOT / "tests" / "data" / "feeds"
    options.work = options.work.resolve()
    return options


def _command(options: argparse.Namespace) -> list[str]:
    libfuzzer = [
        f"-max_total_time={round(options.minutes * 60)}",
        f"-timeout={options.timeout}",
        f"-rss_limit_mb={options.memory}",
        f"-artifact_prefix={options.work}/crashes/",
        f"-dict={_dictionary(options.work)}",
        "-max_len=65536",
        "-print_final_stats=1",
        "-report_slow_units=2",
        str(options.work / "corpus"),
    ]
    return [sys.executable, __file__, "--child", *libfuzzer]


def _fuzz(arguments: list[str]) -> None:
    import atheris  # noqa: PLC0415  only the fuzzer's own environment has it

    sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]
    with atheris.instrument_imports(include=INSTRUMENTED):
        from invariants import outcome_of  # noqa: PLC0415  instrumented as it is imported

    slowest = [0.0]

    def one(data: bytes) -> None:
        kind = CONTENT_TYPES[data[0] % len(CONTENT_TYPES)] if data else ""
        start = time.monotonic()
        outcome_of(data[1:], kind)
        spent = time.monotonic() - start
        if spent > slowest[0]:
            slowest[0] = spent
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            name = hashlib.sha1(data, usedforsecurity=False).hexdigest()
            print(
                f"SLOWEST {spent:.3f} s {len(data)} bytes {name} peak {peak} MB", flush=True
            )

    atheris.Setup([sys.argv[0], *arguments], one)
    atheris.Fuzz()


def _seeds(folder: Path) -> Iterator[bytes]:
    for path in sorted(folder.rglob("*")):
        if ".tar" in path.name:
            yield from _archived(path)
        elif path.is_file() and path.suffix not in {".csv", ".gz", ".py"}:
            yield path.read_bytes()[:MAX_SEED]


def _archived(path: Path) -> Iterator[bytes]:
    """Yield documents spread over an archive, the larger ones with fewer items."""
    with tarfile.open(path) as archive:
        members = [member for member in archive.getmembers() if member.isfile()]
        step = max(1, len(members) // SEEDS_AN_ARCHIVE)
        for member in members[::step][:SEEDS_AN_ARCHIVE]:
            if found := archive.extractfile(member):
                yield _shortened(found.read())


def _shortened(body: bytes) -> bytes:
    if len(body) <= MAX_SEED:
        return body
    ends = [m.end() for m in re.finditer(rb"</(?:item|entry)>", body) if m.end() < MAX_SEED]
    tail = body[-200:] if not ends else body[body.rfind(b"</item>") + 7 :][-200:]
    return body[: ends[-1]] + tail if ends else body[:MAX_SEED]


def _write_seed(folder: Path, body: bytes) -> int:
    data = b"\0" + body
    path = folder / hashlib.sha1(data, usedforsecurity=False).hexdigest()
    is_new = not path.exists()
    path.write_bytes(data)
    return int(is_new)


def _dictionary(work: Path) -> Path:
    path = work / "words.dict"
    path.write_text("".join(f'"{_escaped(word)}"\n' for word in WORDS.splitlines()))
    return path


def _escaped(word: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in word.encode())


def _report(log: str, seeds: int, seconds: float, crashes: list[Path]) -> None:
    covered = [int(number) for number in re.findall(r"cov: (\d+)", log)]
    executions = re.search(r"number_of_executed_units:\s+(\d+)", log)
    last = re.findall(r"^#(\d+)\s", log, re.MULTILINE)
    peak = re.search(r"peak_rss_mb:\s+(\d+)", log)
    slowest = re.findall(r"SLOWEST (.*)", log)
    units = executions[1] if executions else last[-1] if last else "0"
    print(f"new seeds     {seeds}")
    print(f"time          {seconds:,.0f} s")
    print(f"executions    {int(units):,} ({int(units) / max(seconds, 1):,.0f} a second)")
    if covered:
        print(f"coverage      {covered[0]:,} edges at first, {covered[-1]:,} at last")
    print(f"slowest       {slowest[-1] if slowest else 'not known'}")
    print(f"peak memory   {peak[1] if peak else '?'} MB")
    print(f"crashes       {len(crashes)}")
    for crash in crashes:
        print(f"  {crash}")


if __name__ == "__main__":
    sys.exit(main())

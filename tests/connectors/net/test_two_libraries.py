"""httpx may give way to httpx2, which is the same under another name."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

TESTS = Path(__file__).parents[1]
# Whatever imports httpx or httpcore from here on has the other one.
SWAPPED = """
import sys
import httpcore2, httpx2, pytest
sys.modules |= {"httpx": httpx2, "httpcore": httpcore2}
code = pytest.main(sys.argv[1:])
assert sys.modules["connectors.net.transport"].httpx is httpx2
sys.exit(code)
"""


def test_addresses_are_guarded_over_the_other_library():
    """What tests say of addresses, connections and the fetcher's guard holds on httpx2."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST")}
    done = subprocess.run(
        [
            *(sys.executable, "-c", SWAPPED, "-q", "-p", "no:randomly", "-p", "no:xdist"),
            *("-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning"),
            *("-k", "(guard or streams or address or private or proxy) and not crawl"),
            *map(str, (TESTS / "net" / "test_guard.py", TESTS / "net" / "test_streams.py")),
            str(TESTS / "feeds" / "fetch"),
        ],
        capture_output=True,
        text=True,
        env=environment,
        cwd=TESTS.parents[1],
        timeout=240,
        check=False,
    )

    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    assert " passed" in done.stdout

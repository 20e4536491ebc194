"""Every regular expression of ours takes as long as its text, whatever the text is."""

import json
import re
import subprocess
import sys
from pathlib import Path

import attacks
import pytest
from attacks import slowest
from our_patterns import PACKAGES, RULES

pytestmark = pytest.mark.slow

TESTS = Path(__file__).parent
# The child stops at each attack that lasts; this is for one that cannot be stopped.
DEADLINE_SECONDS = 900


@pytest.mark.slow
@pytest.mark.parametrize(
    ("names", "least"),
    [
        (PACKAGES, (250, 0)),
        # A rule that backtracks is refused as it is read, by what it says.
        pytest.param((RULES,), (0, 1_200), marks=pytest.mark.long),
    ],
    ids=("packages", "rules"),
)
def test_patterns_take_time_as_their_text_grows(names, least):
    """None of ours, nor of the shipped rules, is superlinear up to 40,000 characters."""
    done = subprocess.run(
        [sys.executable, str(TESTS / "our_patterns.py"), *names],
        cwd=TESTS.parent,
        capture_output=True,
        text=True,
        timeout=DEADLINE_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    *slow, tried = map(json.loads, done.stdout.splitlines())
    assert slow == []
    assert all(count >= few for count, few in zip(tried, least, strict=True))


@pytest.mark.parametrize(
    "source", [r"(\w+\s?)+!", r"(a|aa)+$", r"a.*b.*c", r"<a [^>]*href"]
)
def test_slow_patterns_are_found_out(source, monkeypatch):
    """A trial that finds nothing would prove nothing: these are known to be slow."""
    monkeypatch.setattr(attacks, "DEADLINE", 0.5)
    assert slowest(re.compile(source), anchored=False, thorough=True)

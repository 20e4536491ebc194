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

TESTS = Path(__file__).parent
# The child stops at each attack that lasts; this is for one that cannot be stopped.
DEADLINE_SECONDS = 900


@pytest.mark.slow
def test_patterns_take_time_as_their_text_grows():
    """None of ours, nor of the shipped rules, is superlinear up to 40,000 characters."""
    done = subprocess.run(
        [sys.executable, str(TESTS / "our_patterns.py"), *PACKAGES, RULES],
        cwd=TESTS.parent,
        capture_output=True,
        text=True,
        timeout=DEADLINE_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    *slow, (of_packages, of_rules) = map(json.loads, done.stdout.splitlines())
    assert slow == []
    assert of_packages > 250
    assert of_rules > 1_200


@pytest.mark.parametrize(
    "source", [r"(\w+\s?)+!", r"(a|aa)+$", r"a.*b.*c", r"<a [^>]*href"]
)
def test_slow_patterns_are_found_out(source, monkeypatch):
    """A trial that finds nothing would prove nothing: these are known to be slow."""
    monkeypatch.setattr(attacks, "DEADLINE", 0.5)
    assert slowest(re.compile(source), anchored=False, thorough=True)

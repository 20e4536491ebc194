"""The profile of a poll times functions by their addresses, which move."""

from __future__ import annotations

import re
from pathlib import Path
from pkgutil import resolve_name

import profile_poll
import pytest

PATHS = [path for paths in profile_poll.STEPS.values() for path in paths.split()]
PACKAGES = Path(profile_poll.__file__).parents[1]


@pytest.mark.parametrize("path", PATHS)
def test_a_step_is_where_the_profile_looks_for_it(path):
    """A function stands at its address, and something calls it by that name."""
    assert callable(resolve_name(path))
    name = path.rpartition(":")[2].rpartition(".")[2]
    uses = (
        use
        for package in ("flows", "transforms", "warehouse", "connectors")
        for module in (PACKAGES / package).rglob("*.py")
        for use in re.findall(rf"(?<!def )\b{name}\(", module.read_text("utf-8"))
    )
    assert next(uses, None)


def test_no_step_is_timed_twice():
    """One function in two steps would hide what it costs in one of them."""
    assert len(set(PATHS)) == len(PATHS)

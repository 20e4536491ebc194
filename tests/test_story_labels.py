"""Stories against pairs and clusters labelled by hand, above floors."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
FLOORS = tomllib.loads((ROOT / "tests/data/gold_floors.toml").read_text(encoding="utf-8"))

pytestmark = pytest.mark.skipif(
    not (SHARED / "corpus").is_dir(),
    reason="the labelled articles lie beside the repository",
)


@pytest.fixture(scope="module")
def benchmarks():
    """The folder of benchmarks, importable."""
    sys.path.insert(0, str(ROOT / "benchmarks"))
    yield
    sys.path.remove(str(ROOT / "benchmarks"))


@pytest.mark.usefixtures("benchmarks")
@pytest.mark.parametrize("strict", [True, False], ids=["strict", "updates-left-out"])
def test_the_week_in_clusters(strict):
    """B-cubed F1 of a week's stories, and the share of joins that are right."""
    from clusters import agreement, clustered  # noqa: PLC0415  beside the repository
    from story_labels import labelled_week  # noqa: PLC0415

    week = labelled_week(SHARED)
    made = agreement(week, clustered(week), strict=strict)
    floors = FLOORS["stories"]["strict" if strict else "updates-left-out"]

    assert made.f1 >= floors["f1"]
    assert made.right / (made.right + made.wrong) >= floors["joins"]


@pytest.mark.usefixtures("benchmarks")
@pytest.mark.parametrize("kind", ["en-en", "zh-zh", "en-zh"])
def test_pairs(kind):
    """F1 on the gold pairs and our own, with weights that have seen them."""
    from story_labels import labelled_pairs  # noqa: PLC0415

    from transforms.stories import compare  # noqa: PLC0415

    right = wrong = missed = 0
    for pair in labelled_pairs(SHARED):
        if pair.kind != kind or pair.label == "update":
            continue
        same = compare(pair.a, pair.b).same
        right += same and pair.label == "same"
        wrong += same and pair.label != "same"
        missed += not same and pair.label == "same"

    assert right + wrong + missed > 100
    assert 2 * right / (2 * right + wrong + missed) >= FLOORS["stories"]["pairs"][kind]

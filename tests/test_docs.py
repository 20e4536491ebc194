"""The documentation says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from flows.console.cli import command_line
from flows.console.reference import outline, reference
from flows.orchestration.in_place import IN_PLACE
from flows.orchestration.schedules import POOL, ZONE, sharded

ROOT = Path(__file__).parents[1]
TESTS = ROOT / "tests"


def test_the_reference_is_current():
    """docs/reference.md is what its generator writes."""
    assert (ROOT / "docs" / "reference.md").read_text("utf-8") == reference()


def test_the_outline_is_current():
    """flows/console/outline.json is what its generator writes."""
    path = ROOT / "flows" / "console" / "outline.json"
    assert path.read_text("utf-8") == outline()


def test_every_command_explains_itself():
    """Each command's help has a sentence, and so has each of its options."""
    page = reference()
    for heading, body in re.findall(
        r"### `(.+?)`\n\n(.*?)(?=\n### |\n## |\Z)", page, re.DOTALL
    ):
        assert body.strip().endswith((".", "|", "}.")), heading
    assert "|  |" not in page
    # Help puts brackets around what may be left out; a metavar has none of its own.
    assert "[[" not in page
    # A terminal takes <words> out of a help text, unless they are code.
    assert not re.search(r"<\w+>", re.sub(r"`[^`]*`", "", page))
    assert len(command_line().registered_groups) == 6


def test_prefect_yaml_says_what_deploy_does():
    """The deployments of prefect.yaml are those that `sinowire deploy` makes for two."""
    content = yaml.safe_load((ROOT / "prefect.yaml").read_text("utf-8"))
    assert content["pull"] == IN_PLACE.pull_steps
    deployments = content["deployments"]
    schedules = list(sharded(2))
    assert [d["name"] for d in deployments] == [s.name for s in schedules]
    for made, said in zip(schedules, deployments, strict=True):
        assert said["work_pool"] == {"name": POOL, "work_queue_name": made.queue}
        assert said.get("parameters", {}) == made.parameters
        assert said["concurrency_limit"] == {"limit": 1, "collision_strategy": "CANCEL_NEW"}
        assert said["entrypoint"] == made.entrypoint
        assert said["tags"] == made.tags
        assert said["description"] == made.description
        (schedule,) = said["schedules"]
        if made.every is not None:
            assert schedule["interval"] == made.every.total_seconds()
        else:
            assert (schedule["cron"], schedule["timezone"]) == (made.cron, ZONE)


@pytest.mark.parametrize(
    "page", sorted(ROOT.glob("docs/**/*.md")), ids=lambda p: str(p.relative_to(ROOT))
)
def test_links_between_pages_lead_somewhere(page):
    """Every relative link in docs/ names a file that is there."""
    for target in re.findall(
        r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text("utf-8")
    ):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_each_promise_of_security_names_a_test_that_is_there():
    """A promise without a test is none; a test that was moved is found again."""
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    promises, _, _ = text.partition("## What is not promised")
    lines = [line for line in promises.splitlines() if line.startswith("- ")]
    named = [re.findall(r"`([a-z_/]*test_[a-z_]+\.py)`", line) for line in lines]

    assert len(lines) >= 25
    assert all(named)
    assert not [file for files in named for file in files if not (TESTS / file).is_file()]


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "docs/architecture.md"])
def test_each_file_that_the_maps_name_is_there(page):
    """Whoever is sent somewhere finds it: `package/…/name.py`, .toml or .sql."""
    text = (ROOT / page).read_text(encoding="utf-8")
    packages = "benchmarks|connectors|flows|tests|transforms|warehouse"
    named = set(re.findall(rf"\b(?:{packages})/[\w/]+\.(?:py|toml|sql)\b", text))

    assert len(named) > 5
    there = {name for name in named if (ROOT / name).is_file()}
    assert sorted(name for name in named - there if "NAME" not in name) == []


def test_each_benchmark_that_a_page_names_is_there():
    """Whoever repeats a figure finds its script; docs/measured/ has those that are gone."""
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("docs/[dh]*/*.md")]
    named = {
        name
        for page in pages
        for name in re.findall(r"benchmarks/\w+\.py", page.read_text("utf-8"))
    }

    assert len(named) > 10
    assert sorted(name for name in named if not (ROOT / name).is_file()) == []


def test_nobody_is_told_to_install_what_no_registry_has():
    """Whoever took the name there would have the readers: a clone or wheel is named."""
    places = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    for room in ("connectors", "flows", "transforms", "warehouse"):
        places += [p for p in (ROOT / room).rglob("*") if p.suffix in (".py", ".json")]
    named = re.compile(
        r"(?:pip|pipx|uv)\s+(?:tool\s+)?install[^\n`]*?[\s'\"]sinowire\b(?![-/.])"
    )
    wrong = [
        f"{place.relative_to(ROOT)}: {found[0]}"
        for place in places
        for found in named.finditer(place.read_text("utf-8"))
    ]
    assert wrong == []
    assert named.search("pip install 'sinowire[mcp]'")
    assert named.search("pipx install sinowire")
    assert not named.search("pip install './dist/sinowire-0.1.0-py3-none-any.whl[lake]'")

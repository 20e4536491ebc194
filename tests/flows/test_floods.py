"""A run refuses a watchlist that would flood everybody, once, and then costs nothing."""

from __future__ import annotations

import json

import pytest

pytestmark = pytest.mark.slow


@pytest.fixture
def history(home, import_once):
    """A home with 250 articles of one day."""
    lines = (
        json.dumps(
            {
                "url": f"https://x.example/{n}",
                "title": f"Shares go up for day {n}",
                "published": "2026-08-04T12:00Z",
            }
        )
        for n in range(250)
    )
    (home / "h.jsonl").write_text("\n".join(lines), encoding="utf-8")
    import_once("flooded", home / "h.jsonl")


@pytest.fixture
def add(home):
    """Append a table to watchlist.toml."""

    def write(text):
        with (home / "watchlist.toml").open("a", encoding="utf-8") as file:
            file.write(f"\n{text}\n")

    return write


UP = '[company.up]\nname = "Upland"\naliases = [\n  "Uplander",\n  "up",\n]'


@pytest.mark.parametrize(
    "command", [["run"], ["watchlist", "check"], ["retag"], ["import", "h.jsonl"]]
)
def test_a_common_word_is_refused(history, home, add, sinowire, command, monkeypatch):
    """With file, line, alias, estimate, an example and the remedy; nothing is changed."""
    monkeypatch.chdir(home)
    add(UP)

    code, _, err = sinowire(*command)

    line = (home / "watchlist.toml").read_text("utf-8").splitlines().index('  "up",') + 1
    assert code == 2
    assert f"watchlist.toml:{line}: [company.up] alias 'up' would match 250 articles" in err
    assert "100% of all, such as 'Shares go up for day" in err
    assert 'case = "exact"' in err
    assert '{ text = "up", common = true }' in err
    _, out, _ = sinowire("sql", "select count(*) from mentions", "--format", "csv")
    assert out.split()[-1] == "0"


def test_context_makes_it_right(history, add, sinowire):
    """What needs context that history has not matches nothing."""
    add(UP.replace('"up"', '{ text = "up", default = "reject", context = "Upland" }'))

    assert sinowire("run")[0] == 0
    assert sinowire("watchlist", "check")[0] == 0


@pytest.mark.parametrize(
    "command", [["run"], ["watchlist", "check"], ["import", "h.jsonl"]]
)
def test_what_the_remedy_says_lets_it_through(
    history, home, add, sinowire, command, monkeypatch
):
    """An alias that is said to be common is refused by no command, and found."""
    monkeypatch.chdir(home)
    add(UP.replace('"up"', '{ text = "up", common = true }'))

    assert sinowire(*command)[0] == 0
    assert sinowire("retag")[0] == 0
    _, out, _ = sinowire("sql", "select count(*) from mentions", "--format", "csv")
    assert out.split()[-1] == "250"


def test_a_dry_run_shows_it_all_the_same(history, add, sinowire):
    """To look at what it would do is no danger."""
    add(UP)

    code, out, _ = sinowire("retag", "--dry-run", "--format", "json")

    assert (code, json.loads(out)[0]["added"]) == (0, 250)


def test_a_watchlist_that_did_not_change_costs_nothing(history, sinowire, monkeypatch):
    """The estimate is made where the version of the rules changed, and only there."""

    def unasked(*_args, **_options):
        raise AssertionError("estimated")

    monkeypatch.setattr("flows.steps.warehouse.refuse_floods", unasked)
    assert sinowire("run")[0] == 0


def test_the_shipped_watchlist_is_trusted(history, home, sinowire, monkeypatch):
    """A home without a file of its own has no alias of its own."""
    (home / "watchlist.toml").unlink()
    monkeypatch.setattr("transforms.names.edit.floods.floods", lambda *_: 1 / 0)

    assert sinowire("run")[0] == 0
    (home / "watchlist.toml").write_text('extends = "default"\n', encoding="utf-8")
    assert sinowire("run")[0] == 0


def test_check_asks_for_examples_of_the_homes_own_rules(home, add, sinowire):
    """Only of those: the shipped ones have theirs."""
    (home / "watchlist.toml").write_text('extends = "default"\n', encoding="utf-8")
    add('[company.u]\nname = "Upland"\nzh = "上邦"\naliases = [{ text = "Up", not = "a" }]')

    out = sinowire("watchlist", "check", "--format", "json")[1]

    found = [row for row in json.loads(out) if row["check"] == "untried rule"]
    assert [row["entry"] for row in found] == ["company.u"]

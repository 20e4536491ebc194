"""Acts of states and claims about firms, of what articles say of them."""

from __future__ import annotations

import pytest


def acts(con):
    return con.execute(
        "select measure_id, articles, len(stories), status, step, thread_id, answers "
        "from measures order by first_reported_at, measure_id"
    ).fetchall()


def test_an_act_is_one_row_however_many_tell_it(warehouse, tell):
    """Stories of one week that say the same of the same target are one act."""
    tell("a", 0, story="s1", measure={"targets": ("smic",)})
    tell("b", 0.2, story="s1", measure={"targets": ("smic",), "actor": "bis"})
    tell("c", 1, story="s2", measure={"targets": ("smic",)}, language="zh")
    tell("d", 1, story="s3", measure={"targets": ("huawei",)})
    tell("e", 30, story="s4", measure={"targets": ("smic",)})

    assert [row[:3] for row in acts(warehouse)] == [
        ("ma", 3, 2),
        ("md", 1, 1),
        ("me", 1, 1),
    ]
    [(actor, targets)] = warehouse.execute(
        "select actor, targets from measures where measure_id = 'ma'"
    ).fetchall()
    assert (actor, targets) == ("bis", ["smic"])


def test_steps_of_one_side_on_one_thing_are_a_thread(warehouse, tell):
    """Proposed, decided and answered; what comes after two months of nothing is another."""
    tell("a", 0, story="s1", measure={"status": "proposed"})
    tell("b", 20, story="s2", measure={"status": "decided"})
    tell("c", 22, story="s3", measure={"status": "answered"})
    tell("d", 22, story="s4", measure={"status": "decided", "thing": "drones"})
    tell("e", 90, story="s5", measure={"status": "eased"})

    assert [row[3:] for row in acts(warehouse)] == [
        ("proposed", 1, "ma", None),
        ("decided", 2, "ma", None),
        ("answered", 3, "ma", "mb"),
        ("decided", 1, "md", None),
        ("eased", 1, "me", None),
    ]


def test_a_story_tells_what_most_of_its_articles_say(warehouse, tell):
    """And what is not told stays empty."""
    for article_id, instrument in (("a", "ban"), ("b", "penalty"), ("c", "penalty")):
        tell(article_id, 0, story="s1", measure={"instrument": instrument})

    assert warehouse.execute(
        "select instrument, effective_on, amount, currency, target_class from measures"
    ).fetchall() == [("penalty", None, None, "", "")]


@pytest.mark.parametrize(
    ("later", "outcome"),
    [
        ((), "open"),
        (((1, {"basis": "company", "modality": "denied"}),), "denied"),
        (((1, {"basis": "company", "modality": "announced"}),), "confirmed"),
        (((1, {"basis": "company", "modality": "announced", "cue": "回应"}),), "open"),
        (((1, {"basis": "official", "modality": "confirmed"}),), "confirmed"),
        (((1, {"basis": "unnamed", "modality": "denied"}),), "open"),
        (((1, {"basis": "media", "modality": "happened"}),), "open"),
        (((1, {"basis": "company", "modality": "denied", "subject": "smic"}),), "open"),
        (
            (
                (1, {"basis": "company", "modality": "denied"}),
                (3, {"basis": "company", "modality": "announced"}),
            ),
            "confirmed",
        ),
        (((2, {"basis": "company", "modality": "withdrawn"}),), "withdrawn"),
        (((40, None),), "silent"),
    ],
)
def test_what_was_told_has_an_outcome(warehouse, tell, later, outcome):
    """By what was said last, by the firm, a body or a filing; nobody's word settles it."""
    tell("a", 0, story="s1", claim={})
    for number, (days, claim) in enumerate(later):
        tell(f"b{number}", days, story="s2" if claim is None else "s1", claim=claim)

    found = warehouse.execute(
        "select claim_id, outcome, settled_by from claims where claim_id = 'ca'"
    ).fetchall()

    by = f"b{len(later) - 1}" if outcome in {"denied", "confirmed", "withdrawn"} else None
    assert found == [("ca", outcome, by)]


def test_a_later_step_of_its_developing_story_settles_a_claim(warehouse, tell):
    """A denial is told in a story of its own."""
    tell("a", 0, story="s1", claim={})
    tell("b", 1, story="s2", claim={"basis": "company", "modality": "denied"})
    assert outcomes(warehouse) == ["open"]

    warehouse.execute(
        "insert into story_affairs by name select * from "
        "(values ('f1', 's1', 1), ('f1', 's2', 2)) as steps (affair_id, story_id, step)"
    )
    assert outcomes(warehouse) == ["denied"]


def outcomes(con):
    return [value for (value,) in con.execute("select outcome from claims").fetchall()]

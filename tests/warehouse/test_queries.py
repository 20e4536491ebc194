"""Named queries, as they stand in their files."""

from __future__ import annotations

from importlib.resources import files

import pytest

from warehouse.queries import load, named


def test_every_file_is_read_into_its_queries():
    """Each has a name, and a text that is not empty."""
    folder = files("warehouse") / "sql" / "queries"
    groups = [path.name.removesuffix(".sql") for path in folder.iterdir()]

    assert groups
    assert all(text for group in groups for text in load(group).values())


def test_a_name_twice_is_refused():
    """Else the second would answer for the first, and nobody would see it."""
    text = "-- name: stories\nselect 1\n-- name: days\nselect 2\n-- name: stories\nselect 3"

    with pytest.raises(ValueError, match="two queries of one name: stories"):
        named(text, "brief.sql")


def test_a_query_is_the_text_up_to_the_next_name():
    """Without the line of its name."""
    found = named("-- name: one\nselect 1\n\n-- name: two\nselect 2\n", "some.sql")

    assert found == {"one": "select 1", "two": "select 2"}

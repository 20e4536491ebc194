"""When the page of an article is asked for again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from transforms.articles.enrichment import next_try

NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize("asked", [timedelta(seconds=1), timedelta(days=30)])
def test_a_server_that_asks_for_a_longer_pause_has_it(asked):
    """And a shorter one changes nothing."""
    ours = next_try("transient_error", 1, NOW)

    assert ours is not None
    assert ours > NOW + timedelta(seconds=1)
    found = next_try("transient_error", 1, NOW, not_before=NOW + asked)
    assert found == max(ours, NOW + asked)


def test_pauses_grow_and_end():
    """A page that fails time after time is left alone, whatever its server asks."""
    pauses = []
    while (at := next_try("transient_error", len(pauses) + 1, NOW)) is not None:
        pauses.append(at - NOW)

    assert pauses == sorted(set(pauses))
    assert 1 < len(pauses) < 20
    assert next_try("transient_error", len(pauses) + 1, NOW, not_before=NOW + HOUR) is None

"""What a feed asks for in the head of its document."""

from __future__ import annotations

from datetime import timedelta

import pytest

from connectors.feeds.poll.schedule import HEAD, wishes_in
from transforms.models import Wishes

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def document(head, items="<item><title>x</title></item>"):
    return f"<rss><channel><title>T</title>{head}{items}</channel></rss>".encode()


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("<ttl>60</ttl>", Wishes(ttl=HOUR)),
        ("<ttl> 5 </ttl>", Wishes(ttl=5 * MINUTE)),
        ("<ttl>0</ttl>", Wishes()),
        ("<ttl>soon</ttl>", Wishes()),
        ("<sy:updatePeriod>daily</sy:updatePeriod>", Wishes(claim=DAY)),
        (
            "<sy:updatePeriod>\n\thourly\t</sy:updatePeriod>\n<sy:updateFrequency> 4 </x>",
            Wishes(claim=15 * MINUTE),
        ),
        (
            "<x:updatePeriod>Weekly</x:updatePeriod><x:updateFrequency>0</x:updateFrequency>",
            Wishes(claim=7 * DAY),
        ),
        ("<sy:updatePeriod>fortnightly</sy:updatePeriod>", Wishes()),
        (
            "<skipHours><hour>0</hour><hour>24</hour><hour>3</hour></skipHours>",
            Wishes(skip_hours=(0, 3)),
        ),
        (
            "<skipDays><day>Sunday</day><day>saturday</day><day>Caturday</day></skipDays>",
            Wishes(skip_days=(5, 6)),
        ),
        (
            f"<skipHours>{''.join(f'<hour>{n}</hour>' for n in range(24))}</skipHours>",
            Wishes(),
        ),
        ("", Wishes()),
    ],
)
def test_head_of_a_document(head, expected):
    """ttl, sy:updatePeriod and what to skip are read; nonsense asks for nothing."""
    assert wishes_in(document(head)) == expected


def test_only_the_head_before_the_first_item_is_read():
    """An entry that writes about ttl asks for nothing, nor does what lies far behind."""
    inside = document("", "<item><description><ttl>60</ttl></description></item>")
    behind = document("<!--" + "x" * HEAD + "--><ttl>60</ttl>")

    assert wishes_in(inside) == wishes_in(behind) == Wishes()


def test_any_bytes_are_read_without_an_error():
    """Bytes in another encoding, or none at all, ask for nothing."""
    assert wishes_in(b"") == Wishes()
    assert wishes_in(document("<ttl>60</ttl>").decode().encode("utf-16")) == Wishes()
    assert wishes_in("<ttl>30</ttl>新闻".encode("gbk")) == Wishes(ttl=30 * MINUTE)
    assert wishes_in(b"<skipDays>" * 2000) == Wishes()

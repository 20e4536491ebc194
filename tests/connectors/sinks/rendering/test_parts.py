"""Writing in a service's markup, in parts that it takes."""

from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.sinks import CHANNELS
from connectors.sinks.chat import ChatChannelType
from connectors.sinks.markup import Limit, calm, in_json, split, utf8, utf16
from transforms.models import Letter, LetterSection, ToldItem
from transforms.text.harmless import graphemes, harmless

ALL = {
    kind: made.service.markup
    for kind, made in CHANNELS.items()
    if isinstance(made, ChatChannelType)
}
PLAIN, TELEGRAM, TEAMS = ALL["wecom"], ALL["telegram"], ALL["teams"]


def letter(*items, heading=""):
    return Letter(
        subject="s", heading=heading, sections=(LetterSection(title="", items=items),)
    )


def item(headline="h", *lines, link=""):
    return ToldItem(headline=headline, lines=lines, link=link)


def test_alert_that_fits_is_one_part():
    """Lines of an alert below each other."""
    made = split(
        letter(item("head", "one", "two", link="https://x.example/")),
        PLAIN,
        Limit(most=100, size=len),
    )

    assert made == ["head\none\ntwo\nhttps://x.example/"]


def test_a_warning_stands_alone():
    """A section that is only a title is told, too."""
    made = Letter(
        subject="s",
        heading="Digest",
        sections=(
            LetterSection(title="old data", items=()),
            LetterSection(title="r", items=(item(),)),
        ),
    )

    assert split(made, PLAIN, Limit(most=100, size=len)) == ["Digest\n\nold data\n\nr\nh"]


def test_parts_end_between_alerts_then_lines_then_characters():
    """The coarsest place that fits."""
    limit = Limit(most=12, size=len)
    items = (item("a" * 5), item("b" * 5), item("c" * 20, "d" * 5))

    assert split(letter(*items), PLAIN, limit) == [
        "aaaaa\n\nbbbbb",
        "c" * 12,
        "c" * 8,
        "ddddd",
    ]


@pytest.mark.parametrize(
    ("size", "text", "length"),
    [
        (utf8, "a汉😀", 1 + 3 + 4),
        (utf16, "a汉😀", 1 + 1 + 2),
        (in_json, 'a汉😀"', 1 + 6 + 12 + 2),
    ],
)
def test_sizes(size, text, length):
    """Services count differently."""
    assert size(text) == length


@given(
    texts=st.lists(st.text(max_size=80), min_size=1, max_size=4),
    most=st.integers(40, 120),
    name=st.sampled_from(sorted(ALL)),
    size=st.sampled_from([utf8, utf16, in_json]),
)
def test_no_part_is_too_long_and_nothing_is_lost(texts, most, name, size):
    """Whatever the words, whatever the limit."""
    words = [harmless(text) for text in texts]
    # A character with its marks that is longer than a message is nobody's.
    biggest = max((size(g) for text in words for g in graphemes(text)), default=0)
    limit = Limit(most=max(most, 6 * biggest + 10), size=size)

    parts = split(letter(*map(item, words)), ALL[name], limit)

    assert all(size(part) <= limit.most for part in parts)
    seen = "".join("".join(parts).split())
    if name == "PLAIN":
        assert seen == "".join("".join(map(calm, words)).split())
    if name in {"SLACK", "TELEGRAM"}:
        bare = seen.replace("<b>", "").replace("</b>", "")
        assert html.unescape(bare) == "".join("".join(map(calm, words)).split())


def test_no_entity_or_character_is_cut():
    """Each piece reads by itself, in its own markup."""
    family = "👩‍👩‍👧‍👦"
    limit = Limit(most=40, size=utf16)

    parts = split(letter(item("&<" * 20 + family * 10)), TELEGRAM, limit)

    for part in parts:
        assert part.startswith("<b>")
        assert part.endswith("</b>")
        inside = part[3:-4]
        assert inside.replace("&amp;", "").replace("&lt;", "").replace(family, "") == ""


def test_link_is_whole_or_not_there():
    """A cut link leads elsewhere."""
    limit = Limit(most=30, size=len)
    link = "https://x.example/" + "a" * 20

    assert split(letter(item("head", link=link)), PLAIN, limit) == ["head"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("wecom", "https://x.example/a_b*(c)?d=1&e=<f>|g"),
        ("feishu", "https://x.example/a_b*%28c%29?d=1&e=%3Cf%3E%7Cg"),
        ("slack", "<https://x.example/a_b*%28c%29?d=1&amp;e=%3Cf%3E%7Cg>"),
        ("telegram", "https://x.example/a_b*%28c%29?d=1&amp;e=%3Cf%3E%7Cg"),
        ("discord", "<https://x.example/a_b*%28c%29?d=1&e=%3Cf%3E%7Cg>"),
        ("teams", "[x.example](https://x.example/a_b*%28c%29?d=1&e=%3Cf%3E%7Cg)"),
    ],
)
def test_link_ends_where_it_ends(name, shown):
    """No sign in it closes the markup around it."""
    link = "https://x.example/a_b*(c)?d=1&e=<f>|g"

    assert ALL[name].link(link) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("@everyone look", "@ everyone look"),
        ("look@here now", "look@ here now"),
        ("@someone, @华为", "@ someone, @ 华为"),
        ("@所有人", "@ 所有人"),
        ("mail a@b.example, 5 @ 6", "mail a@b.example, 5 @ 6"),
    ],
)
def test_calm(text, shown):
    """A headline cannot call a whole room, nor anybody in it."""
    assert calm(text) == shown


def test_marks_at_the_beginning_of_a_line():
    """In a card a hash begins a heading only there."""
    [made] = split(letter(item("h", "# a # b")), TEAMS, Limit(most=99, size=len))

    assert made == "**h**\n\n\\# a # b"

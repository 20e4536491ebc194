"""Alerts on a terminal."""

from __future__ import annotations

import io

import pytest
from rich.cells import cell_len

from connectors.sinks.context import TransientSinkError


def test_console_prints_a_block(hand_over, capsys):
    """One mark at the first line, the rest set in."""
    hand_over("console")

    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "! Alibaba Group (阿里巴巴): Alibaba opens a data centre"
    assert all(line.startswith("  ") for line in lines[1:])


def test_console_without_chinese_shows_escapes(hand_over):
    """An ASCII terminal gets escapes rather than an error."""
    raw = io.BytesIO()
    with io.TextIOWrapper(raw, encoding="ascii") as stream:
        hand_over("console", stream=stream)
        assert b"(\\u963f\\u91cc" in raw.getvalue()


def test_closed_stream_is_transient(hand_over):
    """Whoever closed the terminal may open another."""
    stream = io.StringIO()
    stream.close()

    with pytest.raises(TransientSinkError, match="desk: the stream cannot be written"):
        hand_over("console", stream=stream)


def test_digest_is_a_block_with_empty_lines(hand_over, make_notice, make_parcel, capsys):
    """Heading, rule, alerts; no line has spaces and nothing else."""
    hand_over("console", "", make_parcel(make_notice(), make_notice(), why="digest"))

    lines = capsys.readouterr().err.splitlines()
    assert lines[:4] == [
        "! Digest: 2 alerts, 2026-08-04 12:01 UTC",
        "",
        "  rule giants: 2 alerts",
        "",
    ]
    assert all(line == "" or line.strip() for line in lines)


def test_hostile_words_move_no_cursor(hand_over, make_notice, capsys):
    """A terminal obeys control characters; it gets none but the line ends."""
    evil = "\x1b[2J\x07\x9b1A\r\n! fake\u202e\u2028x" + "長" * 20_000

    hand_over("console", "", make_notice(title=evil, publisher=evil, alias=evil))

    shown = capsys.readouterr().err
    assert len(shown) < 1_000
    assert len(shown.splitlines()) == 5
    assert all(sign.isprintable() or sign == "\n" for sign in shown)


def test_lines_are_as_wide_as_the_terminal(hand_over, capsys):
    """Further ones stand below the first words; an address stays whole."""
    hand_over("console", width=30)

    lines = capsys.readouterr().err.splitlines()
    assert lines[:2] == ["! Alibaba Group (阿里巴巴):", "  Alibaba opens a data centre"]
    wide = [line for line in lines if cell_len(line) > 30]
    assert wide == [line for line in wide if line.startswith("  https://")]
    assert all(line.startswith("  ") for line in lines[1:])

"""Alerts on a terminal."""

from __future__ import annotations

import io

import pytest

from connectors.sinks.errors import TransientSinkError


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

"""Numbers without end and brackets in brackets: named with their line."""

from __future__ import annotations

import json

import pytest

from transforms.config import ConfigError, ConfigText
from transforms.text.json_limits import read_json, read_json_start

DEEP = "[" * 100_000
HUGE = "9" * 5_000


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        pytest.param(f"a = 1\nb = {HUGE}\n", 2, "too many digits", id="decimal"),
        pytest.param(f"a = 1\nb = 0x{'f' * 5_000}\n", 2, "64-bit", id="hexadecimal"),
        pytest.param(f"a = 1\n\nb = [1, {1 << 64}]\n", 3, "64-bit", id="in a list"),
        pytest.param(f"[t]\nb = {{ c = {1 << 64} }}\n", 2, "64-bit", id="in a table"),
        pytest.param(f"a = 1\nb = {DEEP}\n", 2, "nested too deeply", id="lists"),
        pytest.param(
            f"a = '['\nb = {'{c = ' * 3_000}1{'}' * 3_000}\n", 2, "too deeply", id="tables"
        ),
        pytest.param(f"a = 1\n{'b.' * 5_000}c = 1\n", 2, "too deeply", id="dotted keys"),
    ],
)
def test_a_file_that_nobody_could_read_is_refused(text, line, problem):
    """The message names the line, and is short."""
    with pytest.raises(ConfigError, match=problem) as refusal:
        ConfigText(text, "x.toml")

    assert refusal.value.line == line
    assert len(str(refusal.value)) < 200


def test_what_fits_into_64_bits_is_a_number():
    """The largest and the smallest that TOML has."""
    text = f"a = {(1 << 63) - 1}\nb = -{1 << 63}\n"

    assert ConfigText(text, "x.toml").data == {"a": (1 << 63) - 1, "b": -(1 << 63)}


@pytest.mark.parametrize("read", [read_json, read_json_start])
def test_json_that_is_nested_too_deeply_has_a_line(read):
    """It is an error like any other of JSON's; brackets in texts do not count."""
    text = '{"a": "' + "[" * 5_000 + '\\"[",\n"b": 1,\n"c": ' + DEEP

    with pytest.raises(json.JSONDecodeError, match="nested too deeply: line 3"):
        read(text)


def test_a_number_without_end_stays_a_text():
    """It is no number to count with, and no reason to refuse the rest."""
    assert read_json(f'{{"id": {HUGE}, "n": 7}}') == {"id": HUGE, "n": 7}
    assert read_json_start(f"[{HUGE}]); more") == [HUGE]

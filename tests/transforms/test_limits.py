"""Numbers without end and brackets in brackets: named with their line."""

from __future__ import annotations

import json
import tomllib

import pytest

from transforms.config import ConfigError, ConfigText
from transforms.text.json_limits import read_json, read_json_start

DEEP = "[" * 100_000
HUGE = "9" * 5_000
QUOTED = """"b"\t. '"' ."""
DOTS = "b." * 100


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
        pytest.param(f"a = 1\n{'b.' * 40_000}c = 1\n", 2, "32 dots", id="dotted keys"),
        pytest.param(f"a = 1\n[{' b . ' * 40_000}c]\n", 2, "32 dots", id="dotted header"),
        pytest.param(
            f"a = {{ {'b.' * 40_000}c = 1 }}\n", 1, "32 dots", id="dots in a table"
        ),
        pytest.param(f"a = 1\n{QUOTED * 40_000}c = 1\n", 2, "32 dots", id="quoted keys"),
        pytest.param(
            f'a = """\n\\""""\n{"b." * 40_000}c = 1\n', 3, "32 dots", id="behind a text"
        ),
    ],
)
def test_a_file_that_nobody_could_read_is_refused(text, line, problem):
    """The message names the line, and is short."""
    with pytest.raises(ConfigError, match=problem) as refusal:
        ConfigText(text, "x.toml")

    assert refusal.value.line == line
    assert len(str(refusal.value)) < 200


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f'a = "{DOTS}" # {DOTS}', id="in a text and a comment"),
        pytest.param(f"a = '{DOTS}\\'", id="in a literal text"),
        pytest.param(f'"{DOTS}" = 1', id="in a quoted key"),
        pytest.param(f'a = """\n{DOTS} = 1\n\\""" # {DOTS}\n"""', id="in many lines"),
        pytest.param(f'a = """b"" {DOTS}""""\nc = 1', id="between quotes"),
        pytest.param(f"a = '''\n{DOTS}'' = 1\n'''", id="in many literal lines"),
        pytest.param(f"a = [{'1.5, ' * 100}]", id="in numbers"),
        pytest.param(f"{'b.' * 32}c = 1", id="as many as there may be"),
    ],
)
def test_dots_that_are_in_no_key_are_read(text):
    """However many: texts, comments and numbers may have them."""
    assert ConfigText(text, "x.toml").data == tomllib.loads(text)


@pytest.mark.parametrize("text", [f'"""{DOTS}', f"'''{DOTS}", f'"{DOTS}', f'"""{DOTS}\\'])
def test_what_nothing_ends_is_refused_as_before(text):
    """It is no key either; the parser says what is wrong."""
    with pytest.raises(ConfigError, match="not valid TOML: "):
        ConfigText(f"a = {text}", "x.toml")


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

"""Translate by a command: JSON lines in and out, no shell, bounded in time and size.

It reads ``{"id": 0, "text": "…", "source": "zh", "target": "en"}`` a line until its input
ends, and writes ``{"id": 0, "text": "…"}`` for each, in any order.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from selectors import EVENT_READ, DefaultSelector
from subprocess import DEVNULL, PIPE, Popen, TimeoutExpired
from tempfile import TemporaryFile
from typing import IO, Any, cast

import orjson

from connectors.translation.errors import TranslationError
from transforms.models import WantedTranslation
from transforms.text.json_limits import read_json

MOST_BYTES = 1_000_000
# What a program needs to run; any other variable may be a secret, and is named to be had.
_PASSED = frozenset({"PATH", "HOME", "LANG", "TZ", "TMPDIR"})


def translate_by_command(
    command: Sequence[str],
    headlines: Sequence[WantedTranslation],
    into: str,
    *,
    seconds: float,
    env: Collection[str] = (),
) -> list[Any]:
    """Return what *command* makes of each headline, as it came.

    It gets the variables named in *env* and those that every program wants, no other.

    Raises:
        TranslationError: It cannot be started, failed, took too long or answered other
            than asked.
    """
    with TemporaryFile() as asked:
        for at, each in enumerate(headlines):
            line = {"id": at, "text": each.title, "source": each.language, "target": into}
            asked.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
        asked.seek(0)
        with _started(command, asked, env) as process:
            answered = _answer(process, command[0], seconds)
    if process.returncode:
        raise TranslationError(f"{command[0]} ended with exit code {process.returncode}")
    return _in_order(command[0], answered, len(headlines))


@contextmanager
def _started(
    command: Sequence[str], asked: IO[bytes], env: Collection[str]
) -> Iterator[Popen[bytes]]:
    """Start *command*; what it started goes with it, but for sessions of their own."""
    try:
        process = Popen(  # noqa: S603  the home's owner wrote it, and no shell reads it
            command,
            stdin=asked,
            stdout=PIPE,
            stderr=DEVNULL,
            env={k: v for k, v in os.environ.items() if _is_passed(k) or k in env},
            start_new_session=True,
        )
    except OSError as exc:
        reason = exc.strerror or type(exc).__name__
        raise TranslationError(f"{command[0]} cannot be started: {reason}") from exc
    with process:
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def _is_passed(name: str) -> bool:
    return name in _PASSED or name.startswith("LC_")


def _answer(process: Popen[bytes], name: str, seconds: float) -> bytes:
    """Return all that the process writes until it ends."""
    deadline = time.monotonic() + seconds
    output = cast("IO[bytes]", process.stdout).fileno()
    answered = bytearray()
    with DefaultSelector() as selector:
        selector.register(output, EVENT_READ)
        while selector.select(max(0.0, deadline - time.monotonic())):
            part = os.read(output, 65_536)
            if not part:
                break
            answered += part
            if len(answered) > MOST_BYTES:
                raise TranslationError(f"{name} wrote more than {MOST_BYTES:,} bytes")
    try:
        process.wait(max(0.0, deadline - time.monotonic()))
    except TimeoutExpired:
        raise TranslationError(f"{name} took longer than {seconds:g} s") from None
    return bytes(answered)


def _in_order(name: str, answered: bytes, count: int) -> list[Any]:
    found: dict[int, Any] = {}
    for line in filter(None, map(bytes.strip, answered.splitlines())):
        try:
            value = read_json(line.decode())
        except ValueError as exc:
            raise TranslationError(f"{name} wrote a line that is not JSON") from exc
        at = value.get("id") if isinstance(value, dict) else None
        if not isinstance(at, int) or isinstance(at, bool) or at in found:
            raise TranslationError(f"{name} wrote a line without an id of its own")
        found[at] = value.get("text")
    if found.keys() != set(range(count)):
        raise TranslationError(f"{name} answered {len(found)} of {count} headlines")
    return [found[at] for at in range(count)]

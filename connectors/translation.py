"""Translation of headlines by a command or by a service like LibreTranslate.

A command reads ``{"id": 0, "text": "…", "source": "zh", "target": "en"}`` a line until its
input ends, and writes ``{"id": 0, "text": "…"}`` for each, in any order; no shell reads it.
A service answers POST /translate: {"q": […], "source": "zh", "target": "en", "format":
"text"} ─▶ {"translatedText": […]}. Both are bounded in time and size.
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from selectors import EVENT_READ, DefaultSelector
from subprocess import DEVNULL, PIPE, Popen, TimeoutExpired
from tempfile import TemporaryFile
from typing import IO, Any, cast
from urllib.parse import urlsplit

import httpx
import orjson

from connectors.net.addresses import keep_quiet
from connectors.net.guard import EVERYWHERE, AddressRefusedError, Network, Resolver
from connectors.net.transport import GuardedTransport
from transforms.models import WantedTranslation
from transforms.text.harmless import shorten
from transforms.text.json_limits import read_json

LONGEST_ANSWER = 1_000_000
# What a program needs to run; any other variable may be a secret, and is named to be had.
_PASSED = frozenset({"PATH", "HOME", "LANG", "TZ", "TMPDIR"})
_SAID = 160


class TranslationError(Exception):
    """The translation failed; the message says why, without the key."""


def translate_by_command(
    command: Sequence[str],
    headlines: Sequence[WantedTranslation],
    into: str,
    *,
    seconds: float,
    env: Collection[str] = (),
) -> list[Any]:
    """Return the answer of *command* for each headline, unchecked.

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
    """Start *command*; on exit its process group is killed."""
    try:
        process = Popen(  # noqa: S603  the home's owner wrote it, and no shell reads it
            command,
            stdin=asked,
            stdout=PIPE,
            stderr=DEVNULL,
            env={
                name: value
                for name, value in os.environ.items()
                if name in _PASSED or name in env or name.startswith("LC_")
            },
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


def _answer(process: Popen[bytes], name: str, seconds: float) -> bytes:
    """Return all output of the process."""
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
            if len(answered) > LONGEST_ANSWER:
                raise TranslationError(f"{name} wrote more than {LONGEST_ANSWER:,} bytes")
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
            raise TranslationError(
                f"{name} wrote a line whose id is missing, not a whole number, or repeated"
            )
        found[at] = value.get("text")
    if found.keys() != set(range(count)):
        raise TranslationError(f"{name} answered {len(found)} of {count} headlines")
    return [found[at] for at in range(count)]


async def translate_by_service(
    url: str,
    headlines: Sequence[WantedTranslation],
    into: str,
    *,
    seconds: float,
    key: str = "",
    allow: Sequence[Network] = (),
    is_private: bool = False,
) -> list[Any]:
    """Return the service's answers for headlines of one language, unchecked.

    Raises:
        TranslationError: It cannot be reached, refused, took too long or answered other
            than asked.
    """
    keep_quiet()
    asked = {
        "q": [each.title for each in headlines],
        "source": headlines[0].language,
        "target": into,
        "format": "text",
        **({"api_key": key} if key else {}),
    }
    host = urlsplit(url).hostname or "?"
    transport = GuardedTransport(Resolver(EVERYWHERE if is_private else allow))
    try:
        async with (
            asyncio.timeout(seconds),
            httpx.AsyncClient(
                transport=transport,
                trust_env=False,
                follow_redirects=False,
                timeout=None,  # noqa: S113
            ) as client,
        ):
            answer, body = await _post(client, _address(url), orjson.dumps(asked))
    except TimeoutError:
        raise TranslationError(f"{host} took longer than {seconds:g} s") from None
    except AddressRefusedError as exc:
        remedy = "write private = true in [translate] if that is meant"
        raise TranslationError(f"{host} lies in a private network; {remedy}") from exc
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as exc:
        raise TranslationError(f"{host} cannot be reached ({type(exc).__name__})") from exc
    return _texts(host, answer.status_code, body, len(headlines))


def _address(url: str) -> str:
    base = url.rstrip("/")
    return base if base.endswith("/translate") else f"{base}/translate"


async def _post(
    client: httpx.AsyncClient, url: str, body: bytes
) -> tuple[httpx.Response, bytes]:
    headers = {"Content-Type": "application/json", "Accept-Encoding": "identity"}
    async with client.stream("POST", url, content=body, headers=headers) as answer:
        read = bytearray()
        async for part in answer.aiter_raw():
            read += part
            if len(read) > LONGEST_ANSWER:
                raise TranslationError(
                    f"the service answered more than {LONGEST_ANSWER:,} bytes"
                )
        return answer, bytes(read)


def _texts(host: str, status: int, body: bytes, count: int) -> list[Any]:
    try:
        value = read_json(body.decode())
    except ValueError as exc:
        raise TranslationError(
            f"{host} answered {status} and something that is not JSON"
        ) from exc
    said = value.get("error") if isinstance(value, dict) else None
    if status != httpx.codes.OK or said:
        told = f": {shorten(said, _SAID)}" if isinstance(said, str) else ""
        raise TranslationError(f"{host} answered {status}{told}")
    texts = value.get("translatedText") if isinstance(value, dict) else None
    if not isinstance(texts, list) or len(texts) != count:
        raise TranslationError(f"{host} answered other than with {count} texts")
    return texts

"""Translate by a service of LibreTranslate's form: POST /translate, a list of texts.

{"q": […], "source": "zh", "target": "en", "format": "text"} ─▶ {"translatedText": […]}
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from ipaddress import ip_network
from typing import Any
from urllib.parse import urlsplit

import httpx
import orjson

from connectors.net.guard import AddressRefusedError, Network, Resolver
from connectors.net.logs import keep_quiet
from connectors.net.transport import GuardedTransport
from connectors.translation.errors import TranslationError
from transforms.models import WantedTranslation
from transforms.text.harmless import shorten
from transforms.text.json_limits import read_json

MOST_BYTES = 1_000_000
_EVERYWHERE: tuple[Network, ...] = (ip_network("0.0.0.0/0"), ip_network("::/0"))
_SAID = 160


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
    """Return what the service at *url* makes of headlines of one language, as it came.

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
    transport = GuardedTransport(Resolver(_EVERYWHERE if is_private else allow))
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
            if len(read) > MOST_BYTES:
                raise TranslationError(f"it answered more than {MOST_BYTES:,} bytes")
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

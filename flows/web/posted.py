"""What a form sends, read within bounds."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.datastructures import Headers
from starlette.types import Receive

from flows.web.errors import BadRequest, NoForm, TooLarge
from flows.web.waiting import Left

FORM = "application/x-www-form-urlencoded"
# Bytes, and fields.
LARGEST = 16_384
MOST_FIELDS = 24


async def read_form(headers: Headers, receive: Receive) -> dict[str, str]:
    """Return the fields of a form; of what is too large nothing is read.

    Raises:
        NoForm: It is something else.
        TooLarge: It is larger than any of ours.
        BadRequest: It is no UTF-8, or says a thing twice.
        Left: Whoever sends it has gone.
    """
    if headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise NoForm(f"Send what a form sends: {FORM}.")
    if int(headers.get("content-length", "0")) > LARGEST:
        raise _too_large()
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Left
        body += message.get("body", b"")
        if len(body) > LARGEST:
            raise _too_large()
        if not message.get("more_body"):
            return _fields(body)


def _too_large() -> TooLarge:
    return TooLarge(f"A form has at most {LARGEST:,} bytes here.")


def _fields(body: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError as exc:
        raise BadRequest("This is not what a form of ours sends.") from exc
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise BadRequest("This form says something twice.")
    return fields

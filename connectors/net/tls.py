"""TLS: the authorities that are trusted, and the issuer of a certificate that is not."""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterator

import httpx

# Of a name longer than this the rest says nothing.
_LONGEST = 80
_VERSION, _UTF16 = 0xA0, 0x1E
# How names call a person or machine, and an organization (2.5.4.3 and 2.5.4.10).
_COMMON_NAME, _ORGANIZATION = b"\x55\x04\x03", b"\x55\x04\x0a"


def tls_context() -> ssl.SSLContext:
    """Return the context for https: public authorities, or those of ``SSL_CERT_FILE``.

    Raises:
        httpx.ConnectError: The variable names nothing that can be read.
    """
    try:
        return httpx.create_ssl_context()
    except OSError as exc:  # ssl.SSLError is one
        names = ("SSL_CERT_FILE", "SSL_CERT_DIR")
        name = next((n for n in names if os.environ.get(n)), names[0])
        reason = exc.strerror or exc
        raise httpx.ConnectError(
            f"{name} names {os.environ.get(name)}, which holds no certificates ({reason}); "
            "correct or unset it"
        ) from exc


def issuer_of(certificate: bytes) -> str:
    """Return the name of who issued *certificate* (DER), "" where it has none."""
    try:
        [(_, body)] = _parts(certificate)
        parts = [part for part in _parts(next(_parts(body))[1]) if part[0] != _VERSION]
        # A serial number, the algorithm, and then the issuer.
        names = dict(_names(parts[2][1]))
    except (IndexError, ValueError, StopIteration):
        return ""
    return names.get(_COMMON_NAME) or names.get(_ORGANIZATION) or ""


def _names(issuer: bytes) -> Iterator[tuple[bytes, str]]:
    for _, attributes in _parts(issuer):
        for _, attribute in _parts(attributes):
            (_, kind), (tag, value) = _parts(attribute)
            text = value.decode("utf-16-be" if tag == _UTF16 else "utf-8", "replace")
            yield kind, "".join(filter(str.isprintable, text))[:_LONGEST]


def _parts(der: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the tags and contents of values in DER that follow each other."""
    at = 0
    while at < len(der):
        tag, length, at = der[at], der[at + 1], at + 2
        if length & 0x80:
            end = at + (length & 0x7F)
            length, at = int.from_bytes(der[at:end], "big"), end
        yield tag, der[at : at + length]
        at += length

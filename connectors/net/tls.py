"""TLS: the authorities that are trusted, and the issuer of a certificate that is not."""

from __future__ import annotations

import os
import ssl

import httpx

# Of a name longer than this the rest says nothing.
_LONGEST = 80


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
    """Return the name of who issued *certificate* (DER), "" if it has none."""
    from cryptography import x509  # noqa: PLC0415  a tenth of a second, in an outage alone
    from cryptography.x509.oid import NameOID  # noqa: PLC0415

    try:
        issuer = x509.load_der_x509_certificate(certificate).issuer
    except ValueError:
        return ""
    kinds = (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME)
    names = (name for kind in kinds for name in issuer.get_attributes_for_oid(kind))
    first = next((str(name.value) for name in names), "")
    return "".join(filter(str.isprintable, first))[:_LONGEST]

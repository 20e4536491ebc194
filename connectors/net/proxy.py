"""Which proxies we can connect through."""

from __future__ import annotations

from importlib.util import find_spec
from urllib.parse import urlsplit


def check_proxy(text: str) -> str:
    """Return the address of a proxy that we can connect through.

    Raises:
        ValueError: It is none; says what is, and never repeats it, for it may hold a
            password.
    """
    text = text.strip()
    scheme = _scheme(text)
    if scheme not in {"http", "https", "socks5"}:
        raise ValueError("a proxy is written http://host:port or socks5://host:port")
    if scheme == "socks5" and not find_spec("socksio"):
        raise ValueError("a socks5 proxy needs one more package: pip install socksio")
    return text


def _scheme(text: str) -> str:
    """Return the scheme of a whole address without a path, else ""."""
    try:
        parts = urlsplit(text)
        is_whole = bool(parts.hostname) and parts.port != 0
    except ValueError:  # no number, or none that a port can have
        return ""
    printable = text.isascii() and text.isprintable() and " " not in text
    return parts.scheme if is_whole and printable else ""

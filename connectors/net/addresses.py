"""Addresses that may hold secrets: those of proxies, and those in libraries' logs."""

from __future__ import annotations

import logging
from importlib.util import find_spec
from urllib.parse import urlsplit

# Apprise warns with the whole address, httpx logs every request at INFO,
# urllib3 its path at DEBUG, httpcore the headers of every answer.
_LEVELS = {
    "apprise": logging.CRITICAL + 1,
    "httpcore": logging.INFO,
    "httpcore2": logging.INFO,
    "httpx": logging.WARNING,
    "httpx2": logging.WARNING,
    "urllib3": logging.INFO,
}


def check_proxy(text: str) -> str:
    """Return the checked address of a proxy, without blanks around it.

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


def keep_quiet() -> None:
    """Raise the log levels of libraries; repeated, since programs reset them."""
    for name, level in _LEVELS.items():
        logger = logging.getLogger(name)
        if logger.getEffectiveLevel() < level:
            logger.setLevel(level)

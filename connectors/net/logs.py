"""Keep libraries from writing the addresses that they are given into a log."""

from __future__ import annotations

import logging

# Apprise warns with the whole address, httpx tells every request at INFO,
# urllib3 its path at DEBUG, httpcore the headers of every answer.
_LEVELS = {
    "apprise": logging.CRITICAL + 1,
    "httpcore": logging.INFO,
    "httpcore2": logging.INFO,
    "httpx": logging.WARNING,
    "httpx2": logging.WARNING,
    "urllib3": logging.INFO,
}


def keep_quiet() -> None:
    """Raise the levels of those loggers; said anew each time, since programs set them."""
    for name, level in _LEVELS.items():
        logger = logging.getLogger(name)
        if logger.getEffectiveLevel() < level:
            logger.setLevel(level)

"""Errors of the desk, and their messages to readers.

DeskError
├── BadRequest       400: a parameter of the address is invalid
│   └── Unsaid       400: a form lacks something, or names something unknown
├── Refused          403: a statement that a foreign page may have sent
├── NotFound         404: no page or record has that name; lists similar names
├── Stale            403: a form's signature has expired, or is not from this desk
├── TooLong          408: a statement exceeded its limits
├── TooLarge         413: larger than any form of the desk
├── NoForm           415: not a form
├── NotReady         503: no publication that can be read, or one of another version
│   └── NothingYet   503: a new home, whose page says what to run
├── Busy             503: too many requests wait
├── Full             503: too many corrections wait to be applied
├── Damaged          503: the published file cannot be read
└── Moved            301: the page has a new address
"""

from __future__ import annotations

from collections.abc import Sequence

from transforms.pages.words import Link

Pairs = Sequence[tuple[str, str]]


class DeskError(Exception):
    """The page cannot be made; the message is for the reader."""

    status = 500
    # What it is called in the phrases, where that is not its status.
    key = ""
    # Seconds after which to ask again.
    retry_after: int | None = None


class BadRequest(DeskError):  # noqa: N818  the name of the status
    """A parameter of the address is invalid."""

    status = 400


class Unsaid(BadRequest):
    """A form lacks something, or names something unknown."""

    key = "form"


class Refused(DeskError):  # noqa: N818
    """A statement in an address that a foreign page may have sent."""

    status = 403


class TooLong(DeskError):  # noqa: N818
    """A statement exceeded its limits."""

    status = 408


class Stale(DeskError):  # noqa: N818
    """A form's signature has expired, or is not from this desk."""

    status = 403
    key = "stale"


class TooLarge(DeskError):  # noqa: N818
    """The request is larger than any form of the desk."""

    status = 413


class NoForm(DeskError):  # noqa: N818
    """The request is not a form."""

    status = 415


class NotReady(DeskError):  # noqa: N818
    """There is no publication yet, or none of this version."""

    status = 503
    retry_after = 30


class NothingYet(NotReady):
    """The home has published nothing yet."""

    key = "new"


class Busy(DeskError):  # noqa: N818
    """Too many requests wait already."""

    status = 503
    key = "busy"
    retry_after = 5


class Full(DeskError):  # noqa: N818
    """Too many corrections wait to be applied."""

    status = 503
    key = "full"
    retry_after = 10


class Damaged(DeskError):  # noqa: N818
    """The published file cannot be read; the message hides its path."""

    status = 503
    key = "damaged"
    retry_after = 30


class NotFound(DeskError):  # noqa: N818
    """No page or record has that name; links to similar ones have no language.

    One with parameters is a whole address, as to a search.
    """

    status = 404

    def __init__(self, message: str, near: Sequence[Link] = ()) -> None:
        super().__init__(message)
        self.near = tuple(near)


class Moved(DeskError):  # noqa: N818
    """The page has a new address; *query* where its parameters are others too."""

    status = 301

    def __init__(self, path: str, query: Pairs | None = None) -> None:
        super().__init__(path)
        self.path, self.query = path, query

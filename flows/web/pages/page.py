"""How a page is declared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flows.web.ask import Form
from flows.web.reading import PageView, Reading

# Every page knows these: the reader's zone, and which table a program wants.
ALWAYS = frozenset({"zone", "table"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page: its path as Starlette writes it, its parameters, and what makes it.

    ``nav`` is its place in the navigation, which leads to ``entry`` where its path has a
    parameter. ``base`` is the path that forms are hung on where the page's own cannot bear
    them. ``texts`` are parameters that may be long and hold any character; on a page of
    statements ``q`` is one, which is run as far as :mod:`flows.web.running` lets it. A page
    that ``is_form`` is there for who may write, and is made for each of them.
    """

    path: str
    view: Callable[[Reading], PageView]
    known: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()
    prefix: str = ""  # of parameters that the reader names
    forms: tuple[Form, ...] = ("json", "csv")
    base: str = ""
    nav: str = ""
    entry: str = ""
    is_of_statements: bool = False
    is_form: bool = False

    @property
    def parameters(self) -> frozenset[str]:
        """The names of all its short parameters."""
        return self.known | ALWAYS

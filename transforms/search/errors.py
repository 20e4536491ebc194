"""What can be wrong with a search."""

from __future__ import annotations


class SearchError(Exception):
    """A search cannot be made as it was asked; says what to write instead."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(f"{problem}; {remedy}")
        self.problem = problem
        self.remedy = remedy

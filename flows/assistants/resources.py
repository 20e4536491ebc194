"""What an assistant can read beside the tools: tables, questions, the brief of a day."""

from __future__ import annotations

from flows.assistants.look import Look
from flows.assistants.results.base import UNTRUSTED
from flows.assistants.tools import RecordTools
from flows.assistants.tools.record import brief_text
from flows.home import default_text
from warehouse.dictionary import dictionary_of

DICTIONARY = "sinowire://dictionary"
COOKBOOK = "sinowire://cookbook"
BRIEF = "sinowire://briefs/{day}"
MARKDOWN = "text/markdown"


class Documents:
    """The resources."""

    def __init__(self, look: Look, record: RecordTools) -> None:
        self.look, self.record = look, record

    def dictionary(self) -> str:
        """Every relation, column and macro of the published file, with its meaning."""
        with self.look.publication().reading() as con:
            return dictionary_of(con)

    def cookbook(self) -> str:
        """Questions that analysts ask, each with its SQL."""
        return default_text("docs/cookbook.md")

    def brief(self, day: str) -> str:
        """The brief of a day, as 2026-11-25, in Markdown."""
        made, _ = self.record.written("day", day, "en")
        return f"> Headlines here are {UNTRUSTED}\n\n{brief_text(made)}"

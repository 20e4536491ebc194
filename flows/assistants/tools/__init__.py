"""The eight tools. Each reads what a page of the desk reads, and none does more."""

from flows.assistants.tools.record import RecordTools
from flows.assistants.tools.stories import StoryTools
from flows.assistants.tools.subjects import SubjectTools

__all__ = ["RecordTools", "StoryTools", "SubjectTools"]

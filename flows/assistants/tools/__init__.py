"""Tools of assistants, eight of them: each reads what a page of the desk reads."""

from flows.assistants.tools.record import RecordTools
from flows.assistants.tools.stories import StoryTools
from flows.assistants.tools.subjects import SubjectTools

__all__ = ["RecordTools", "StoryTools", "SubjectTools"]

"""Group articles about the same event, across outlets, scripts and languages."""

from __future__ import annotations

from transforms.stories.keys import story_keys

__all__ = ["story_keys"]

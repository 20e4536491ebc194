"""Why a story stands where it stands, in a short sentence of the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from transforms.brief.ranking.model import LEAST, Lead
from transforms.words import phrases, say

# So many reasons are told, the weightiest first; and the one that weighed most against it,
# from so much on.
TOLD = 3
AGAINST = -0.5


def why_here(lead: Lead, language: str, name: Callable[[str], str]) -> str:
    """Return what weighed for *lead*, and what against it; *name* names topics and events.

    As in "Here: told by several outlets, told in both languages, a large firm acts".
    """
    told = list(_reasons(lead, language, name))
    return say("here", language, why=say("list.and", language).join(told))


def _reasons(lead: Lead, language: str, name: Callable[[str], str]) -> Iterator[str]:
    weighed = sorted(lead.reasons, key=lambda reason: -reason[1])
    spoke = [what for what, weight in weighed if weight >= LEAST and what != "articles"]
    if lead.outlets == 1:
        spoke.remove("outlets")
    against = [what for what, weight in reversed(weighed) if weight <= AGAINST]
    for what in (*spoke[:TOLD], *against[:1]):
        key = f"here.{what}"
        yield say(key, language) if key in phrases(language) else name(what)

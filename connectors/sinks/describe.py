"""An alert in words and as data: the same for every channel."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from transforms.models import Notice

LONGEST_HEADLINE = 300
MOST_PUBLISHERS = 5
# Control characters move a terminal's cursor, bidirectional overrides turn text
# around to read as something else: headlines come from anybody.
_HOSTILE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]+"
)


def describe(notice: Notice) -> str:
    """Return the alert as a few plain lines: what, who, when, why, where."""
    return "\n".join(filter(None, _lines(notice)))


def _lines(notice: Notice) -> Iterator[str]:
    subject = subject_of(notice)
    headline = harmless(notice.alert.title)[:LONGEST_HEADLINE] or "(no headline)"
    yield f"{subject}: {headline}" if subject else headline
    yield " · ".join(filter(None, (harmless(notice.publisher), _when(notice.published_at))))
    yield _also(notice)
    yield f"why: {_why(notice)}"
    yield harmless(notice.alert.url)


def subject_of(notice: Notice) -> str:
    """Return the company's names, or the topic, that the alert is about."""
    name, chinese = harmless(notice.company_name), harmless(notice.company_name_zh)
    if name and chinese and name != chinese:
        return f"{name} ({chinese})"
    return name or chinese or notice.alert.company_id or notice.alert.topic_id or ""


def _when(moment: datetime | None) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if moment else ""


def _also(notice: Notice) -> str:
    others = [harmless(p) for p in notice.publishers if p and p != notice.publisher]
    if not others:
        return ""
    shown = ", ".join(others[:MOST_PUBLISHERS])
    more = len(others) - MOST_PUBLISHERS
    return f"also told by {shown}" + (f" and {more} more" if more > 0 else "")


def _why(notice: Notice) -> str:
    alert = notice.alert
    parts = [f"“{harmless(notice.alias)}” is named"] if notice.alias else []
    parts += [f"topic {alert.topic_id}"] if alert.topic_id else []
    return ", ".join((*parts, f"rule {alert.rule_id}"))


def harmless(text: str) -> str:
    """Return *text* on one line, without what a terminal or reader would obey."""
    return " ".join(_HOSTILE.sub(" ", text).split())


def payload(notice: Notice) -> dict[str, Any]:
    """Return the alert as data, the same at every attempt to deliver it.

    Text is as stored, so a receiver that shows it escapes it; ``text`` is ready
    to be read.
    """
    alert = notice.alert
    return {
        "id": notice.message_id,
        "alert": {
            "alert_id": alert.alert_id,
            "rule_id": alert.rule_id,
            "kind": alert.kind,
            "company_id": alert.company_id,
            "company_name": notice.company_name or None,
            "company_name_zh": notice.company_name_zh or None,
            "topic_id": alert.topic_id,
            "story_id": alert.story_id,
            "article_id": alert.article_id,
            "title": alert.title,
            "url": alert.url,
            "created_at": _instant(alert.created_at),
            "updates_alert_id": alert.updates_alert_id,
            "rules_version": alert.rules_version,
        },
        "article": {
            "publisher": notice.publisher or None,
            "language": notice.language or None,
            "summary": notice.summary or None,
            "published_at": _instant(notice.published_at),
            "alias": notice.alias or None,
        },
        "publishers": list(notice.publishers),
        "text": describe(notice),
    }


def _instant(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")

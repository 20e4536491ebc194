"""A parcel as data: what a webhook posts, and a line of a file."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from transforms.alerts.messages.wording import Voice, describe, plain, write
from transforms.models import Channel, Notice, Parcel


def voice_of(channel: Channel) -> Voice:
    """Return how *channel* wants to be spoken to."""
    return Voice(channel.language, channel.zone)


def encode(channel: Channel, parcel: Parcel) -> bytes:
    """Return the payload as JSON in UTF-8."""
    data = payload(channel, parcel)
    # A lone surrogate is none that anybody could read.
    return json.dumps(data, ensure_ascii=False).encode("utf-8", "replace")


def payload(channel: Channel, parcel: Parcel) -> dict[str, Any]:
    """Return *parcel* as data.

    Text is as stored, so a receiver that shows it escapes it; ``text`` is ready
    to be read.
    """
    voice = voice_of(channel)
    if parcel.why is None and len(parcel.notices) == 1:
        told = {"text": plain(parcel.edition.letter)} if parcel.edition else {}
        return {**_one(parcel.notices[0], voice), "id": parcel.message_id, **told}
    return {
        "id": parcel.message_id,
        "digest": parcel.why,
        "text": plain(write(parcel, voice)),
        "alerts": [_one(notice, voice) for notice in parcel.notices],
    }


def _one(notice: Notice, voice: Voice) -> dict[str, Any]:
    return {
        "id": notice.message_id,
        "alert": _alert(notice),
        "article": {
            "publisher": notice.publisher or None,
            "language": notice.language or None,
            "summary": notice.summary or None,
            "published_at": _instant(notice.published_at),
            "alias": notice.alias or None,
        },
        "publishers": list(notice.publishers),
        "text": describe(notice, voice),
    }


def _alert(notice: Notice) -> dict[str, Any]:
    alert = notice.alert
    return {
        "alert_id": alert.alert_id,
        "rule_id": alert.rule_id,
        "kind": alert.kind,
        "severity": alert.severity,
        "company_id": alert.company_id,
        "company_name": notice.company_name or None,
        "company_name_zh": notice.company_name_zh or None,
        "companies": list(alert.companies),
        "topic_id": alert.topic_id,
        "term": alert.term or None,
        "story_id": alert.story_id,
        "article_id": alert.article_id,
        "title": alert.title,
        "url": alert.url,
        "created_at": _instant(alert.created_at),
        "updates_alert_id": alert.updates_alert_id,
        "step": alert.step or None,
        "corrects": notice.corrects or None,
        "follows": notice.follows or None,
        "rules_version": alert.rules_version,
    }


def _instant(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")

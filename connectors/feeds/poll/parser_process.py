"""Parser process: documents in, answers out, each under a deadline.

It is a process of its own, so that a document that hangs or kills a parser costs that
document only. It ends when its parent closes the socket or dies.
"""

from __future__ import annotations

import pickle
from typing import Any, BinaryIO

from connectors.errors import FeedError, PermanentFeedError, SlowFeedError
from connectors.feeds.formats.deadline import TooSlow, deadline
from connectors.feeds.formats.parser import parse_document
from connectors.feeds.formats.result import Parsed, read_batches
from connectors.feeds.poll.parse_requests import LENGTH, ParseRequest, Request, too_slow
from transforms.articles.reader import EntryReader, ReadEntry
from transforms.models import Entry


def serve(requests: BinaryIO, answers: BinaryIO, reader: EntryReader | None = None) -> None:
    """Run a parser: read length-prefixed pickled messages, and answer each request.

    With a *reader*, answers hold what the entries were read as.
    """
    while request := _received(requests):
        answer = pickle.dumps(answer_in_time(request, reader), pickle.HIGHEST_PROTOCOL)
        answers.write(LENGTH.pack(len(answer)) + answer)
        answers.flush()


def _received(messages: BinaryIO) -> Any:
    header = messages.read(LENGTH.size)
    return pickle.loads(messages.read(*LENGTH.unpack(header))) if header else None  # noqa: S301  our own parent's


def answer_in_time(request: Request, reader: EntryReader | None = None) -> Any:
    """Return the answer to a request, or the error to record."""
    try:
        with deadline(request.deadline):
            if isinstance(request, ParseRequest):
                return _parse(request, reader)
            return request.function(*request.args)
    except (TooSlow, SlowFeedError):
        return too_slow(request)
    except FeedError as error:
        return error
    except RecursionError:
        return PermanentFeedError(request.url, "nested too deeply to be parsed")
    except Exception as exc:  # noqa: BLE001  a parser's bug is this document's outcome
        return PermanentFeedError(request.url, f"the parser failed: {exc!r:.200}")


def _parse(request: ParseRequest, reader: EntryReader | None) -> Parsed:
    parsed = parse_document(
        request.body,
        feed=request.feed,
        content_type=request.content_type,
        base_url=request.base_url,
        now=request.now,
        known=request.known,
        limit=request.limit,
        cut_at=request.cut_at,
    )
    if reader is None:
        return parsed

    def read(entries: list[Entry]) -> list[tuple[Entry, ReadEntry]]:
        readings = reader.read(entries, request.feed, request.now)
        return list(zip(entries, readings, strict=True))

    done, notice = read_batches(read, parsed.entries, feed=request.feed, total=parsed.total)
    return parsed.as_read(done).with_notice(notice)

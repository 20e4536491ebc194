"""The formats that documents come in: to add one, write its module and a line here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from connectors.feeds.formats import federal_register, json_feed, page, sitemap, wordpress
from connectors.feeds.formats.result import Parsed
from connectors.feeds.formats.source import Source, refusal
from connectors.feeds.formats.xml import rss_atom


@dataclass(frozen=True, slots=True)
class FeedFormat:
    """A format: which documents are in it, and how the new entries of one are read.

    ``read`` raises FeedParseError where the document turns out to be something else.
    """

    name: str
    recognises: Callable[[Source], bool]
    read: Callable[[Source], Parsed]


# The first that recognises a document reads it.
FORMATS = (
    FeedFormat("list on a page or in JSON", page.recognises, page.read),
    FeedFormat("WordPress posts", wordpress.recognises, wordpress.read),
    FeedFormat("Federal Register", federal_register.recognises, federal_register.read),
    FeedFormat("JSON Feed", json_feed.recognises, json_feed.read),
    FeedFormat("sitemap", sitemap.recognises, sitemap.read),
    FeedFormat("RSS, RDF or Atom", rss_atom.recognises, rss_atom.read),
)


def read(source: Source) -> Parsed:
    """Return the new entries of *source*, read by the first format that recognises it.

    Raises:
        FeedParseError: None does, or it is broken; names what it seems to be.
    """
    for each in FORMATS:
        if each.recognises(source):
            return each.read(source)
    raise refusal(source)

"""``/cite``: what is here in five styles, and what became of citations that are pasted."""

from __future__ import annotations

from flows.steps.citations import UnknownCitedError, cite, cite_told, read_basis
from flows.steps.verification import verify_text
from flows.web.asked import DeskAsk
from flows.web.errors import BadRequest, NotFound
from flows.web.page import Page, PageView, Reading
from transforms.citations.citation import EXAMPLE, Cited, NumberError, is_number
from transforms.citations.read import CitationError, is_citations
from transforms.citations.styles import STYLES, render
from transforms.citations.verify import Verified
from transforms.pages.stories import Headline
from transforms.pages.words import DataTable, Link

# On the page what is read stands before what programs keep.
READ = ("chicago", "text")
SHOWN = (*READ, *(style for style in STYLES if style not in READ))


def cite_page(reading: Reading) -> PageView:
    """Return a citation in every style, or the states of some; a form without either."""
    asked, words = (reading.ask.text("q") or "").strip(), reading.words
    is_pasted = is_citations(asked)
    verified = _verified(reading, asked) if is_pasted else []
    styles = _styles(reading, asked) if asked and not is_pasted else {}
    if not asked and reading.ask.form != "html":
        raise BadRequest("write what is cited: /cite.json?q=ID")
    rows = [{"style": style, "citation": text} for style, text in styles.items()]
    told = [
        {
            "id": cited.id,
            "state": found.state,
            "why": found.why,
            "since": found.since,
            "now": found.now,
        }
        for cited, found in verified
    ]
    return PageView(
        template="cite.html.j2",
        title=words.word("cite.title"),
        section="cite",
        given={
            "wanted": asked,
            "styles": {style: styles[style] for style in SHOWN if style in styles},
            "example": EXAMPLE,
            "verified": verified,
        },
        tables=(
            DataTable(name="citations", rows=told)
            if is_pasted
            else DataTable(name="styles", rows=rows, columns=("style", "citation")),
        )
        if asked
        else (),
    )


def story_citation(reading: Reading, story_id: str, article_id: str) -> Headline:
    """Return the line by which a bibliography names a story, told by its first article."""
    basis = reading.publication.memory.of("basis", lambda: read_basis(reading.con))
    made = cite_told(reading.con, story_id, article_id, basis)
    return Headline(text=render([made], "chicago").strip(), language=made.language)


def counts_numbers(ask: DeskAsk) -> bool:
    """Tell whether a request may count numbers, as long as any statement."""
    asked = ask.text("q") or ""
    return is_number(asked) or is_citations(asked)


def _verified(reading: Reading, text: str) -> list[tuple[Cited, Verified]]:
    try:
        return verify_text(reading.con, text)
    except CitationError as exc:
        raise BadRequest(f"what was pasted {exc}") from exc


def _styles(reading: Reading, asked: str) -> dict[str, str]:
    try:
        made = cite(reading.con, [asked])
    except NumberError as exc:
        raise BadRequest(str(exc)) from exc
    except UnknownCitedError as exc:
        words = reading.words
        texts = Link(
            text=words.word("none.search_texts", q=asked),
            href=words.href("/search", q=asked),
        )
        raise NotFound(words.word("none.cite", id=asked), [texts]) from exc
    return {style: render(made, style).strip("\n") for style in STYLES}


PAGES = (
    Page(
        path="/cite",
        nav="cite",
        view=cite_page,
        texts=frozenset({"q"}),
        counts=counts_numbers,
        forms=("json", "csv"),
    ),
)

"""``/cite``: an article, a story, a measure, a claim or a number in five styles."""

from __future__ import annotations

from flows.steps.citations import UnknownCitedError, cite, cite_told, read_basis
from flows.web.errors import BadRequest, NotFound
from flows.web.page import Page, PageView, Reading
from transforms.citations.number import EXAMPLE, NumberError
from transforms.citations.styles import STYLES, render
from transforms.pages.stories import Headline
from transforms.pages.words import DataTable


def cite_page(reading: Reading) -> PageView:
    """Return a citation in every style, or a form that asks for an id."""
    asked, words = (reading.ask.text("q") or "").strip(), reading.words
    styles = _styles(reading, asked) if asked else {}
    if not styles and reading.ask.form != "html":
        raise BadRequest("write what is cited: /cite.json?q=ID")
    rows = [{"style": style, "citation": text} for style, text in styles.items()]
    return PageView(
        template="cite.html.j2",
        title=words.word("cite.title"),
        section="cite",
        given={"wanted": asked, "styles": styles, "example": EXAMPLE},
        tables=(DataTable(name="styles", rows=rows, columns=("style", "citation")),),
    )


def story_citation(reading: Reading, story_id: str, article_id: str) -> Headline:
    """Return the line by which a bibliography names a story, told by its first article."""
    basis = reading.publication.memory.of("basis", lambda: read_basis(reading.con))
    made = cite_told(reading.con, story_id, article_id, basis)
    return Headline(text=render([made], "chicago").strip(), language=made.language)


def _styles(reading: Reading, asked: str) -> dict[str, str]:
    try:
        made = cite(reading.con, [asked])
    except NumberError as exc:
        raise BadRequest(str(exc)) from exc
    except UnknownCitedError as exc:
        raise NotFound(str(exc)) from exc
    return {style: render(made, style).strip("\n") for style in STYLES}


PAGES = (
    Page(
        path="/cite",
        view=cite_page,
        texts=frozenset({"q"}),
        forms=("json", "csv"),
    ),
)

"""Tools on citations, with their results: making them, and whether they still stand."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from flows.assistants.look import NAME, Tools, headline
from flows.assistants.results import Moment, Result, Row, ToolAnswer
from flows.steps.citations import cite
from flows.steps.verification import verify_text
from transforms.citations.citation import is_id
from transforms.citations.styles import render
from transforms.citations.verify import State
from transforms.text.harmless import quoted_lines, shorten

WHY, CITED = 1_000, 6_000
LONGEST_CITED = 100_000


class CitationWords(Result):
    """A citation in the style asked for, with the outlet's words."""

    citation: str


class CitationRecord(Row):
    """Something cited; ``sinowire verify`` reads csl-json and ris."""

    quoted: CitationWords


class Citations(ToolAnswer):
    """Citations in one style."""

    style: str
    citations: list[CitationRecord]


class VerifiedWords(Result):
    """Why, with headlines of outlets and words of the citation."""

    cited: str = Field(description="What the citation calls itself.")
    title: str
    why: str = ""


class VerifiedRecord(Row):
    """What became of a citation, by its id here, or else by its number among those asked.

    ``now`` is its id of today, where that is another.
    """

    state: State
    since: Moment | None = None
    now: str = ""
    quoted: VerifiedWords


class Verifications(ToolAnswer):
    """The state of each citation, in the order in which they came."""

    citations: list[VerifiedRecord]


class CitationTools(Tools):
    """Tools that cite and verify."""

    def cite(
        self,
        ids: Annotated[
            list[Annotated[str, Field(max_length=500)]],
            Field(
                min_length=1,
                max_length=20,
                description="Of articles, stories, measures or claims; or a number, as "
                "share_between('2026-01-01', '2026-02-01').",
            ),
        ],
        *,
        style: Literal["csl-json", "ris", "bibtex", "chicago", "text"] = "chicago",
    ) -> Citations:
        """Cite what an answer rests on, with the moment of the data it is made of.

        A number may choose columns and rows, as in SQL: select share from
        share_between('2026-01-01', '2026-02-01') where company_id = 'huawei'.
        """
        publication = self.look.publication()
        with publication.reading() as con:
            made = cite(con, ids)
        return Citations(
            as_of=publication.as_of,
            style=style,
            citations=[
                CitationRecord(
                    id=each.id,
                    address=self.look.address("/cite", q=given),
                    quoted=CitationWords(
                        citation=quoted_lines(render([each], style).strip(), CITED, CITED)
                    ),
                )
                for given, each in zip(ids, made, strict=True)
            ],
        )

    def verify(
        self,
        citations: Annotated[
            str,
            Field(
                max_length=LONGEST_CITED,
                description="CSL-JSON or RIS, of any product; at most 20 citations.",
            ),
        ],
    ) -> Verifications:
        """Tell whether citations still stand: their headline, outlet, address and day.

        same, rewritten (an earlier version had these words), gone (taken down), differs (no
        version says so, or a number is another) or absent (not in this data).
        """
        publication = self.look.publication()
        with publication.reading() as con:
            found = verify_text(con, citations)
        return Verifications(
            as_of=publication.as_of,
            citations=[
                VerifiedRecord(
                    id=cited.id if is_id(cited.id) else f"citation/{cited.place}",
                    address=self.look.address(
                        "/cite", q=cited.id if is_id(cited.id) else None
                    ),
                    state=verified.state,
                    since=verified.since,
                    now=verified.now,
                    quoted=VerifiedWords(
                        cited=shorten(cited.id, NAME),
                        title=headline(cited.title),
                        why=shorten(verified.why, WHY),
                    ),
                )
                for cited, verified in found
            ],
        )

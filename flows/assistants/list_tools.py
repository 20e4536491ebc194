"""Tools on lists, made from what a list declares: arguments, description and results."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from inspect import Parameter, Signature
from typing import Annotated, Any, Literal, get_origin, get_type_hints
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, Field, create_model

from flows.assistants.look import Day, Look, Rows, Short, outside, table
from flows.assistants.results import Moment, QuotedHeadline, Result, Row, ToolAnswer
from flows.web.lists import HEADLINE, NAME, Filter, ListPage, ListTool
from flows.web.shelf import Publication
from transforms.text.harmless import shorten
from warehouse.dictionary import comments_of

NONE = "none is known of this time; give an earlier since, or leave out a filter"
LIMIT = 15
Text = Annotated[str, BeforeValidator(lambda value: value or "")]
_KINDS: Mapping[Any, Any] = {
    datetime: Moment,
    datetime | None: Moment | None,
    str | None: Text,
}


def list_tool(look: Look, each: ListPage) -> Callable[..., Any]:
    """Return the tool of a list: its signature, description and results."""
    answer = _models(each)

    def ask(*, limit: int = LIMIT, **arguments: Any) -> BaseModel:
        companies = look.publication().search_names.companies
        view, publication = look.page(each.path, **each.parameters(arguments, companies))
        rows = table(view, each.noun)
        named = partial(_row, look, each, publication)
        return answer.model_validate(
            {
                "as_of": publication.as_of,
                "since": view.given["since"],
                "until": view.given["until"],
                each.noun: [named(row) for row in rows[:limit]],
                "note": cut(rows, limit),
            }
        )

    ask.__name__, ask.__doc__ = each.tool.name, each.help
    ask.__annotations__ = {}
    ask.__signature__ = _signature(each, answer)  # type: ignore[attr-defined]
    return ask


def _signature(each: ListPage, answer: type[BaseModel]) -> Signature:
    kinds: dict[str, Any] = {one.name: _kind(one) for one in each.asked}
    kinds |= {"since": Day, "until": Day}
    take = partial(Parameter, kind=Parameter.KEYWORD_ONLY)
    return Signature(
        [
            *(take(name, annotation=kind, default=None) for name, kind in kinds.items()),
            take("limit", annotation=Rows, default=LIMIT),
        ],
        return_annotation=answer,
    )


def _kind(asked: Filter) -> Any:
    if asked.kind == "choice":
        return Literal[asked.values] | None
    if asked.kind == "switch":
        return Annotated[bool | None, Field(description=asked.help)]
    return Short


def _models(each: ListPage) -> type[BaseModel]:
    """Return the record of an answer, with those of its rows and their words."""
    spec, hints = each.tool, get_type_hints(each.query.row)
    base = QuotedHeadline if each.has_stories else Result
    kinds: dict[str, Any] = {}
    for column in spec.fields:
        kinds[column] = _answered_as(hints[column])
        if column == "story_id":
            kinds["page"] = str
    fields = _described(spec, kinds)
    words = _described(spec, dict.fromkeys(spec.words, str), default="")
    words = {name: word for name, word in words.items() if name not in base.model_fields}
    if each.is_quoting:
        fields["quoted"] = (_model(spec.quoted, base, words), ...)
    row = _model(spec.row, Row, fields)
    period = {"since": (Moment, ...), "until": (Moment, ...)}
    rows: Any = list[row]  # type: ignore[valid-type]
    return _model(spec.rows, ToolAnswer, period | {each.noun: (rows, ...)})


def _described(
    spec: ListTool, kinds: Mapping[str, Any], *, default: Any = ...
) -> dict[str, Any]:
    """Return columns as fields of an answer, by what these are called there."""
    said = {**comments_of(spec.name), **spec.help}
    return {
        spec.called.get(column, column): (
            kind,
            Field(default=default, description=said.get(column)),
        )
        for column, kind in kinds.items()
    }


def _model(
    called: tuple[str, str], base: type[BaseModel], fields: Mapping[str, Any]
) -> type[BaseModel]:
    name, doc = called
    return create_model(name, __base__=base, __doc__=doc, __module__=__name__, **fields)


def _answered_as(hint: Any) -> Any:
    """Return the type of an answer for that of a row."""
    if get_origin(hint) is tuple:
        return list[str]
    return _KINDS.get(hint, hint)


def _row(
    look: Look, each: ListPage, publication: Publication, row: Mapping[str, Any]
) -> dict[str, Any]:
    """Return a row as an answer has it, with its address in the list of its day."""
    spec = each.tool
    found = {spec.called.get(name, name): row[name] for name in spec.fields}
    quoted = {
        spec.called.get(name, name): _quoted(spec, name, row[name]) for name in spec.words
    }
    for name in found.keys() & quoted.keys():
        # The id of what is known is ours, and the name of anything else an outlet's.
        whose = quoted if found[name] in publication.names else found
        whose[name] = ""
    here = look.address(each.path, **each.place(row, _day(row[each.dated], publication)))
    return {
        "id": row[each.row_id],
        "address": f"{here}#{row[each.row_id]}",
        **({"quoted": quoted} if each.is_quoting else {}),
        **found,
        **(
            {"page": look.address(f"/stories/{row['story_id']}")}
            if each.has_stories
            else {}
        ),
    }


def _quoted(spec: ListTool, name: str, value: str | None) -> str:
    if name == "url":
        return outside(value)
    return shorten(value or "", HEADLINE if name in spec.headlines else NAME)


def _day(at: date, publication: Publication) -> date:
    if not isinstance(at, datetime):
        return at
    return at.astimezone(ZoneInfo(publication.zone)).date()


def cut(rows: Sequence[object], limit: int) -> str:
    """Return how many more than *limit* rows there are, and how to ask for them."""
    if not rows:
        return NONE
    more = len(rows) - limit
    return f"{more} more at least: raise limit, or narrow the question" if more > 0 else ""

"""Server of assistants: tools and three resources, the same on each transport.

Its errors are our own: a sentence with the fault and a remedy. Unknown arguments are
refused, since an ignored filter would answer another question.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import anyio.to_thread
import duckdb
import orjson
from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import (
    ResourceError,
    ResourceNotFoundError,
    ToolError,
    UnexpectedToolError,
)
from mcp_types import (
    CallToolResult,
    InputRequiredResult,
    TextContent,
    Tool,
    ToolAnnotations,
)
from pydantic import ValidationError

from flows.assistants.citation_tools import CitationTools
from flows.assistants.list_tools import list_tool
from flows.assistants.look import Look
from flows.assistants.record_tools import RecordTools, brief_text
from flows.assistants.results import TRUST, UNTRUSTED
from flows.assistants.story_tools import StoryTools
from flows.assistants.subject_tools import SubjectTools
from flows.beats import default_text
from flows.home import load_config
from flows.refusals import sentence
from flows.steps.citations import UnknownCitedError
from flows.web.errors import DeskError, NotFound
from flows.web.pages.lists import LISTS
from transforms.citations.citation import NumberError
from transforms.citations.read import CitationError
from transforms.config.text import nearest
from transforms.release import VERSION
from transforms.search.query import SearchError
from transforms.text.harmless import shorten
from warehouse.dictionary import dictionary_of
from warehouse.errors import WarehouseError
from warehouse.sandbox import QueryError

DICTIONARY = "sinowire://dictionary"
COOKBOOK = "sinowire://cookbook"
BRIEF = "sinowire://briefs/{day}"
ANSWERS = "sinowire://answers/{tool}"
MARKDOWN = "text/markdown"
LISTED = "\n".join(f"`{each.tool.name}`: {each.tool.rows[1]}" for each in LISTS)
INSTRUCTIONS = f"""\
News on {{beat}}: articles of feeds in English and Chinese, grouped into
stories, with the companies they name. Everything is only read.

{TRUST} Cite the `url` quoted, where there is
one, and the `address` of a row at the desk, with its `id`.

Begin with `today` or `search_articles`, then `get_story`; `company` and `trends` count;
`run_sql` answers what no other tool does, with the columns of {DICTIONARY}.
What an answer holds: sinowire://answers/company, by the tool's name. A `note` says what
was cut, and how to ask for more.
{LISTED}
Addresses that begin with a slash are of the desk (`sinowire web`).
"""
READ_ONLY = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)
# Tools that work at one time; DuckDB uses more threads within each.
AT_ONCE = 3
# What goes wrong with a question; anything else is an error of ours.
ANSWERED = (
    DeskError,
    CitationError,
    NumberError,
    QueryError,
    SearchError,
    UnknownCitedError,
    WarehouseError,
    duckdb.OutOfMemoryException,
)
LONGEST = 600


class AssistantServer(MCPServer[Any]):
    """The SDK's server with our error messages, and results without empty fields.

    What answers hold is not on the list of tools, where it would be two thirds of all; the
    resource of a tool says it.
    """

    async def list_tools(self) -> list[Tool]:
        """Return the tools without the schemas of their answers."""
        return [
            tool.model_copy(update={"output_schema": None})
            for tool in await super().list_tools()
        ]

    async def answer_schema(self, tool: str) -> str:
        """What an answer of a tool holds, each field with its meaning: a JSON schema."""
        schemas = {each.name: each.output_schema for each in await super().list_tools()}
        if tool not in schemas:
            raise ResourceNotFoundError(f"there are answers of: {', '.join(schemas)}")
        return orjson.dumps(schemas[tool]).decode()

    async def call_tool(
        self,
        name: str,
        arguments: dict[str, Any],
        context: Context[Any, Any] | None = None,
    ) -> CallToolResult | InputRequiredResult:
        """Call a tool.

        Raises:
            ToolError: It has no answer; a sentence says why and what to ask instead.
        """
        tools = {tool.name: tool for tool in await self.list_tools()}
        if name not in tools:
            raise ToolError(f"there is no tool of that name; there are: {', '.join(tools)}")
        check_names(arguments, tools[name].input_schema.get("properties", {}))
        try:
            result = await super().call_tool(name, arguments, context)
        except UnexpectedToolError as exc:
            raise UnexpectedToolError(
                f"{name} failed, which is an error of sinowire; its log says more"
            ) from exc.__cause__
        except ToolError as exc:
            cause = exc.__cause__
            said = (
                told_arguments(cause) if isinstance(cause, ValidationError) else str(cause)
            )
            raise ToolError(said) from cause
        if isinstance(result, CallToolResult) and result.structured_content is not None:
            text = orjson.dumps(result.structured_content).decode()
            result.content = [TextContent(type="text", text=text)]
        return result


def make_assistant_server(look: Look) -> AssistantServer:
    """Return a server for the publication that *look* reads."""
    with _log_kept():
        server = AssistantServer(
            "sinowire",
            title="Sinowire",
            version=VERSION,
            instructions=INSTRUCTIONS.format(beat=load_config(look.settings).beat.name()),
            log_level="WARNING",
            subscriptions=False,
        )
    limiter = anyio.CapacityLimiter(AT_ONCE)
    stories, subjects, record = StoryTools(look), SubjectTools(look), RecordTools(look)
    citations = CitationTools(look)
    tools: tuple[Callable[..., Any], ...] = (
        stories.today,
        stories.search_articles,
        stories.get_story,
        subjects.company,
        subjects.trends,
        *(list_tool(look, each) for each in LISTS),
        record.brief,
        record.alerts,
        citations.cite,
        citations.verify,
        record.run_sql,
    )
    for tool in tools:
        server.add_tool(
            _in_turn(tool, limiter, ToolError),
            annotations=READ_ONLY,
            structured_output=True,
        )
    documents = Documents(look, record)
    for uri, read in (
        (DICTIONARY, documents.dictionary),
        (COOKBOOK, documents.cookbook),
        (BRIEF, documents.brief),
    ):
        server.resource(uri, mime_type=MARKDOWN)(_in_turn(read, limiter, ResourceError))
    server.resource(ANSWERS, mime_type="application/json")(server.answer_schema)
    return server


def _in_turn(
    read: Callable[..., Any], limiter: anyio.CapacityLimiter, error: type[Exception]
) -> Callable[..., Awaitable[Any]]:
    """Return *read* run in a thread, under the limit; its errors become *error*."""

    @functools.wraps(read)
    async def turn(**given: Any) -> Any:
        try:
            return await anyio.to_thread.run_sync(
                functools.partial(read, **given), limiter=limiter
            )
        except ANSWERED as exc:
            if error is ResourceError and isinstance(exc, NotFound):
                raise ResourceNotFoundError(told(exc)) from exc
            raise error(told(exc)) from exc

    return turn


@contextmanager
def _log_kept() -> Iterator[None]:
    """Restore the process's log settings, which the SDK changes."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)


class Documents:
    """The resources."""

    def __init__(self, look: Look, record: RecordTools) -> None:
        self.look, self.record = look, record

    def dictionary(self) -> str:
        """Every relation, column and macro of the published file, with its meaning."""
        with self.look.publication().reading() as con:
            return dictionary_of(con)

    def cookbook(self) -> str:
        """Questions that analysts ask, each with its SQL."""
        return default_text("docs/cookbook.md")

    def brief(self, day: str) -> str:
        """The brief of a day, as 2026-11-25, in Markdown."""
        made, _ = self.record.written("day", day, "en")
        return f"> Headlines here are {UNTRUSTED}\n\n{brief_text(made)}"


def told(exc: Exception) -> str:
    """Return the message of a failed question, in one line of bounded length.

    An error of SQL may repeat a value, which an outlet may have written.
    """
    text = sentence(exc)
    if isinstance(exc, NotFound):
        near = "; ".join(f"{each.text} ({each.href})" for each in exc.near)
        text = f"{text} The nearest: {near}" if near else text
    return shorten(text, LONGEST)


def told_arguments(exc: ValidationError) -> str:
    """Return the faults of arguments, without the values given."""
    return "; ".join(
        f"{'.'.join(map(str, error['loc']))}: {error['msg']}"
        for error in exc.errors(include_input=False, include_url=False)
    )


def check_names(given: Iterable[str], known: Mapping[str, object]) -> None:
    """Refuse arguments that a tool does not know: to ignore them would mislead.

    Raises:
        ToolError: There is one; names the nearest.
    """
    for name in given:
        if name in known:
            continue
        near = nearest(name, known)
        guess = f"did you mean {near!r}? " if near else ""
        listed = ", ".join(known) or "none"
        raise ToolError(
            shorten(f"there is no argument {name!r}; {guess}it takes: {listed}", LONGEST)
        )

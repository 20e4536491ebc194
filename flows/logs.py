"""Logs on standard error: sentences for people, or one JSON object per line."""

from __future__ import annotations

import json
import logging
import os
import re
import shutil
import socket
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Literal, TextIO

LogFormat = Literal["text", "json"]
VARIABLE = "SINOWIRE_LOG_FORMAT"
FORMATS: tuple[LogFormat, ...] = ("text", "json")
# What Prefect's processes go by, which `sinowire up` starts.
_PREFECT = {
    "PREFECT_LOGGING_HANDLERS_CONSOLE_FORMATTER": "json",
    "PREFECT_LOGGING_FORMATTERS_JSON_CLASS": f"{__name__}.JsonFormatter",
    "PREFECT_LOGGING_FORMATTERS_JSON_FORMAT": "%(message)s",
}
# What a record may carry beside its words; the last three are Prefect's.
_IDS = (
    *("run_id", "shard", "feed_id", "outcome"),
    *("flow_run_name", "flow_run_id", "task_run_name"),
)
# So a line begins that is a record already.
_RECORD = '{"time": '
# Of groups of exceptions, too.
_TRACEBACK = re.compile(r"[\s+|]*(?:Exception Group )?Traceback \(most recent call last\):")
_CHAINED = ("During handling of the above", "The above exception was")
_LEVELS = {"warning: ": logging.WARNING, "error: ": logging.ERROR}
log = logging.getLogger("sinowire")


class JsonFormatter(logging.Formatter):
    """A record as one line: time (ISO 8601, UTC), level, logger, host, message, ids."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        at = datetime.fromtimestamp(record.created, UTC)
        told = {
            "time": at.isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "host": socket.gethostname(),
            "message": record.getMessage(),
        }
        told |= {name: getattr(record, name) for name in _IDS if hasattr(record, name)}
        if record.exc_info:
            told["exception"] = self.formatException(record.exc_info)
        elif record.exc_text:
            told["exception"] = record.exc_text
        return json.dumps(told, ensure_ascii=False)


def log_as(shape: LogFormat) -> None:
    """Set the log's format for this process and the processes that it starts."""
    for handler in list(log.handlers):
        log.removeHandler(handler)
    # Prefect's handler of all loggers would say each object again, in a form of its own.
    log.propagate = shape != "json"
    if shape == "json":
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(JsonFormatter())
        log.addHandler(handler)
        log.setLevel(logging.INFO)
        os.environ[VARIABLE] = shape
        for name, value in _PREFECT.items():
            os.environ.setdefault(name, value)


def is_json() -> bool:
    """Tell whether log lines are JSON objects."""
    return bool(log.handlers)


def say(
    message: str, to: logging.Logger | logging.LoggerAdapter[logging.Logger] = log
) -> None:
    """Log *message*, at the level that its prefix names."""
    for sign, level in _LEVELS.items():
        if message.startswith(sign):
            to.log(level, "%s", message.removeprefix(sign))
            return
    to.info("%s", message)


def records(lines: Iterable[str]) -> Iterator[str]:
    """Yield what another process said, a JSON object a line: its own, or its words.

    A traceback is one of them, an error whose message is the exception's.
    """
    block: list[str] = []
    for line in lines:
        if block and _goes_on(line, block[-1]):
            block.append(line)
            continue
        if block:
            yield _record(block)
            block = []
        if _TRACEBACK.match(line):
            block = [line]
        elif line.startswith(_RECORD):
            yield line
        elif line.strip():
            yield _record([line])
    if block:
        yield _record(block)


def _goes_on(line: str, before: str) -> bool:
    """Tell whether *line* is of the traceback whose last line is *before*."""
    if line.startswith(_RECORD):
        return False
    is_inside = not line.strip() or line[0].isspace() or before[:1].isspace()
    return is_inside or bool(_TRACEBACK.match(line)) or line.startswith(_CHAINED)


def _record(lines: Sequence[str]) -> str:
    """Return the record of one line, or of a traceback."""
    worded = (line for line in reversed(lines) if any(map(str.isalnum, line)))
    text = next(worded, lines[0]).strip()
    level = logging.ERROR if len(lines) > 1 else logging.INFO
    for sign, named in _LEVELS.items():
        if text.startswith(sign):
            level, text = named, text.removeprefix(sign)
    record = logging.LogRecord(log.name, level, "", 0, text, None, None)
    record.exc_text = "\n".join(lines) if len(lines) > 1 else None
    return JsonFormatter().format(record)


def width_of(stream: TextIO) -> int | None:
    """Return the width of a line in cells, None where *stream* has no limit."""
    if stream.isatty() or os.environ.get("COLUMNS", "").isdecimal():
        return shutil.get_terminal_size().columns
    return None

"""Beats of a home: listed, made of labelled headlines, fitted anew, and checked."""

from __future__ import annotations

import json
import os
import re
import shutil
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import available_timezones

from flows.beats import (
    ALERTS,
    DEFAULT_BEAT,
    FEEDS,
    FOLDER,
    BeatFolder,
    beat_folders,
    find_beat,
    load_beat,
    read_part,
)
from flows.home import Config, beat_watchlist
from flows.settings import Settings
from flows.steps.edits import replace_text
from transforms.beat_files import HEAD, PARTS, WATCHLIST, Beat
from transforms.config import ConfigError, ConfigText, decode_text, did_you_mean
from transforms.config.table import cut
from transforms.names.explain.lint import LintFinding
from transforms.names.rules.overlay import watchlist_over
from transforms.names.rules.watchlist import Watchlist
from transforms.names.tagging import Tagger, compile_tagger
from transforms.relevance.evidence import WordGroups, read_words
from transforms.relevance.score import read_kinds
from transforms.training import drafts
from transforms.training.check import firms, lint_beat, lint_labels, lint_ranking
from transforms.training.drafts import BeatDraft, LabelReport
from transforms.training.labels import Accuracy, Label, lacking, read_labels
from warehouse.file.reading import read_named

_ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
# Of languages, by ISO 639.
_CODES = re.compile(r"[a-z]{2,3}(?:,[a-z]{2,3})*")
_LONGEST_ID = 40
_GROUPS = ("subject", "likely", "aside", "unlikely")
# What a beat takes of another's watchlist by choice.
_FOLLOWED = ("company", "person", "topic")
# With fewer feeds among the sources of the labels, all that are shipped are taken.
_FEW_FEEDS = 3


class BeatHead(NamedTuple):
    """What a new beat says of itself; what is "" follows from its id or labels."""

    extends: str = DEFAULT_BEAT
    name: str = ""
    zh: str = ""
    side: str = "none"
    zone: str = "UTC"
    languages: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeBeat:
    """A beat that was made or fitted: its folder, and how well it tells labels apart."""

    folder: Path
    accuracy: Mapping[str, Accuracy]
    draft: BeatDraft | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedBeat:
    """What is doubtful in a beat, how it judges labels, and which firms are at home."""

    findings: list[LintFinding]
    judged: LabelReport
    home: tuple[str, ...]


def list_beats(settings: Settings) -> Iterator[dict[str, Any]]:
    """Yield a row for each shipped beat and each of the home's own."""
    known = list(beat_folders(settings.home))
    used = find_beat(settings.home, settings.beat)
    for each in [*known, *([] if used in known else [used])]:
        yield {
            "beat": each.name,
            "name": _name(each),
            "source": "shipped" if each.is_shipped else str(each.folder),
            "in_use": each == used,
        }


def read_label_file(path: Path) -> list[Label]:
    """Return the labels of a file.

    Raises:
        ConfigError: It cannot be read, a line is no label, or labels are too few.
    """
    try:
        text = decode_text(read_named(path), str(path))
    except OSError as exc:
        raise ConfigError(
            str(path), f"cannot be read: {exc.strerror}", "name a file"
        ) from exc
    labels = read_labels(text, str(path))
    if wrong := lacking(labels):
        problem, _, remedy = wrong.partition("; ")
        raise ConfigError(str(path), problem, remedy)
    return labels


def make_beat(
    settings: Settings,
    beat_id: str,
    labels: Sequence[Label],
    *,
    head: BeatHead,
    inherits: bool = False,
) -> MadeBeat:
    """Make the folder of a beat of *labels*, whole or not at all.

    It follows firms, people and topics of the beat that it extends only if it *inherits*.

    Raises:
        ConfigError: The id is no id or is taken, the beat that it extends is wrong, or a
            side, zone or language is none that we know.
    """
    for option, value, known in (
        ("--side", head.side, {"cn", "none"}),
        ("--zone", head.zone, available_timezones()),
    ):
        if value not in known:
            remedy = did_you_mean(value, known) or f"one of {', '.join(sorted(known)[:4])}"
            raise ConfigError("beat new", f"{option} {value!r} is unknown", remedy)
    if head.languages and not _CODES.fullmatch(head.languages):
        raise ConfigError(
            "beat new",
            f"--languages {head.languages!r} are no codes of languages",
            "write them such as en,fr",
        )
    folder = _new_folder(settings.home, beat_id)
    base = load_beat(head.extends, settings.home)
    left_out = "" if inherits else ", ".join(map(_quoted, _FOLLOWED))
    starter = _starter(WATCHLIST).replace("{without}", left_out)
    bare = watchlist_over(
        starter.replace("{companies}", ""), base.texts[WATCHLIST], WATCHLIST, ()
    )
    texts = base.texts if inherits else {**base.texts, WATCHLIST: bare}
    watchlist, tagger = _tagger(replace(base, texts=texts))
    weights = _starter("weights.toml")
    general, without = _general(base, weights)
    rules = base.tagging._replace(
        words=general, weights=replace(base.weights, kinds=read_kinds(""))
    )
    found = drafts.findings_of(labels, tagger)
    draft = drafts.draft(labels, found, watchlist, rules, weights)
    called = head.name or beat_id.replace("-", " ").capitalize()
    spoken = head.languages or ",".join(sorted({*draft.accuracy} - {"all"}))
    said = head._replace(name=called, zh=head.zh or called)._asdict() | {"id": beat_id}
    said["side"] = head.side.removeprefix("none")
    companies = ", ".join(map(_quoted, draft.home))
    escaped = {key: _quoted(value)[1:-1] for key, value in said.items()}
    escaped["languages"] = ", ".join(map(_quoted, spoken.split(",")))
    texts = {
        HEAD: _starter(HEAD).format_map(escaped),
        WATCHLIST: starter.replace("{companies}", companies),
        "words.toml": _starter("words.toml").replace(
            "{without}", ", ".join(map(_quoted, without))
        )
        + "".join(_groups(draft)),
        "weights.toml": drafts.with_weights(draft.text, draft.weights),
        "evidence.toml": _starter("evidence.toml"),
        FEEDS: _feeds(base.texts[FEEDS], labels, inherits=inherits),
        **({} if inherits else {ALERTS: _starter(ALERTS)}),
    }
    _write(folder, texts)
    return MadeBeat(folder=folder, accuracy=draft.accuracy, draft=draft)


def refit_beat(settings: Settings, beat_id: str, labels: Sequence[Label]) -> MadeBeat:
    """Fit the weights of a beat of the home again, to its present firms and words.

    Raises:
        ConfigError: It is shipped or not there, or its weights do not stand one a line.
    """
    found = find_beat(settings.home, beat_id)
    file = Path(str(found.folder)) / "weights.toml"
    if found.is_shipped:
        raise ConfigError(
            found.source, "is shipped", "make one of your own with: sinowire beat new"
        )
    if not file.is_file():
        raise ConfigError(
            str(file),
            "is not there: the weights are those of the beat that it extends",
            "copy them, or make the beat anew",
        )
    _, tagger = _tagger(load_beat(beat_id, settings.home))
    weights, accuracy = drafts.refit(labels, tagger)
    try:
        text = drafts.with_weights(read_part(found, file.name) or "", weights)
    except ValueError as exc:
        remedy = "write one term a line: name = { weight = 0.00, expected = …, says = … }"
        raise ConfigError(str(file), str(exc), remedy) from exc
    replace_text(file, text)
    return MadeBeat(folder=file.parent, accuracy=accuracy)


def check_beat(
    settings: Settings, name: str, labels: Sequence[Label] | None
) -> CheckedBeat:
    """Return the findings on a beat, and its accuracy by labels as it stands.

    Raises:
        ConfigError: One of its files is missing or wrong, or a home of it would be refused.
    """
    beat = load_beat(name, settings.home).check()
    watchlist, tagger = _tagger(beat)
    of_it = settings.model_copy(update={"beat": name})
    Config(settings=of_it, env=os.environ, is_bare=True).check()
    judged = drafts.as_it_stands(labels, tagger) if labels else LabelReport({}, ())
    found = lint_beat(
        tagger, beat.tagging, beat.texts["words.toml"], in_chinese=beat.is_in_chinese
    )
    found += lint_ranking(watchlist, beat.ranking)
    findings = [
        *_misnamed(beat, name),
        *(finding for finding in found if _is_own(finding, beat)),
        *lint_labels(judged.accuracy),
    ]
    home = tuple(firm.name for firm in firms(watchlist) if firm.is_home)
    return CheckedBeat(findings=findings, judged=judged, home=home)


def _name(beat: BeatFolder) -> str:
    try:
        head = ConfigText(read_part(beat, HEAD) or "", beat.source)
    except ConfigError:
        return ""
    return str(head.data.get("name", ""))


def _new_folder(home: Path, beat_id: str) -> Path:
    if not _ID.fullmatch(beat_id) or len(beat_id) > _LONGEST_ID:
        raise ConfigError(
            "beat new",
            f"{beat_id!r} is no id",
            f"write small letters, digits and hyphens, {_LONGEST_ID} at most",
        )
    folder = home / FOLDER / beat_id
    if beat_id in {each.name for each in beat_folders(home) if each.is_shipped}:
        raise ConfigError("beat new", f"{beat_id!r} is shipped", "choose another id")
    if folder.exists():
        raise ConfigError(
            "beat new",
            f"{folder} is there already",
            "choose another id, or fit it anew with --refit",
        )
    return folder


def _tagger(beat: Beat) -> tuple[Watchlist, Tagger]:
    watchlist = beat_watchlist(beat)
    return watchlist, compile_tagger(watchlist, beat.tagging)


def _general(base: Beat, weights: str) -> tuple[WordGroups, list[str]]:
    """Return the words of *base* that hold of any beat, and the groups of all others."""
    groups = tomllib.loads(base.texts["words.toml"])
    terms = tomllib.loads(weights)["evidence"]
    kept = {group: table for group, table in groups.items() if f"word-{group}" in terms}
    text = "".join(f"[{k}]\nwords = {json.dumps(t['words'])}\n" for k, t in kept.items())
    return read_words(text), [group for group in groups if group not in kept]


def _groups(draft: BeatDraft) -> Iterator[str]:
    for group in _GROUPS:
        yield f"\n[{group}]\nwords = [\n"
        for word in draft.words.get(group, ()):
            yield f"    {_quoted(word.word)},  # {word.on} on, {word.off} off\n"
        yield "]\n"


def _feeds(text: str, labels: Iterable[Label], *, inherits: bool) -> str:
    """Return the feeds below that labels came from; if it *inherits*, all for a few."""
    sources = {label.source.casefold() for label in labels}
    pieces = [piece for piece in cut(text) if piece.path[:1] == ("feed",)]
    chosen = []
    for piece in pieces:
        entry = tomllib.loads(piece.text)["feed"][piece.path[1]]
        if {piece.path[1].casefold(), str(entry.get("publisher")).casefold()} & sources:
            chosen.append(piece.text)
    if inherits and len(chosen) < _FEW_FEEDS:
        return text
    return "# The feeds that the labels came from; add yours.\n\n" + "\n".join(chosen)


def _is_own(finding: LintFinding, beat: Beat) -> bool:
    """Tell whether a finding is on what the beat says itself, not on a file below."""
    file = finding.entry.partition(":")[0]
    return not beat.own or file not in PARTS or file in beat.own


def _misnamed(beat: Beat, name: str) -> Iterator[LintFinding]:
    if beat.beat_id != Path(name).name:
        yield LintFinding(
            check="id",
            entry=f"{HEAD}: id",
            problem=f"is {beat.beat_id!r}, and the folder is called {Path(name).name!r}",
            remedy="give both one name",
        )


def _starter(name: str) -> str:
    return (files("flows") / "starters" / "beat" / name).read_text(encoding="utf-8")


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _write(folder: Path, texts: Mapping[str, str]) -> None:
    """Write a folder of files, whole or not at all."""
    part = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        for name, text in texts.items():
            (part / name).write_text(text, encoding="utf-8")
        part.rename(folder)
    except OSError:
        shutil.rmtree(part, ignore_errors=True)
        raise

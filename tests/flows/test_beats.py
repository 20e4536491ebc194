"""Beats of a home: found by name, extended entry by entry, and refused in a sentence."""

from __future__ import annotations

import pickle
import tomllib
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from connectors.samples.history import history_lines
from flows.beats import beat_folders, find_beat, load_beat
from flows.home import load_config
from flows.settings import load_settings
from flows.steps.brief import make_brief
from flows.steps.ingest.history import Imported, import_file
from flows.steps.published import published
from flows.steps.warehouse import publish
from transforms.beat_files import PARTS
from transforms.brief import render_markdown
from transforms.config import ConfigError

pytestmark = pytest.mark.slow

MORE = "\n[more]\nwords = []\n"
HEAD = 'id = "{id}"\nname = "Wind power"\nzh = "风电"\nextends = "{base}"\n'


def beat(home, name, base="china-tech", **files):
    """Write a beat of *home*; a double underscore in a name of a file is a dot."""
    folder = home / "beats" / name
    folder.mkdir(parents=True)
    (folder / "beat.toml").write_text(HEAD.format(id=name, base=base), encoding="utf-8")
    for file, text in files.items():
        (folder / f"{file}.toml").write_text(text, encoding="utf-8")
    return folder


def test_shipped_beats_and_those_of_the_home_are_there(tmp_path):
    """In the order of names, the shipped ones first."""
    beat(tmp_path, "wind")

    found = [(each.name, each.is_shipped) for each in beat_folders(tmp_path)]

    assert found[-1] == ("wind", False)
    assert ("china-tech", True) in found


def test_a_home_has_the_beat_of_its_settings(tmp_path):
    """Its watchlist and words are the beat's, where the home has no file of its own."""
    beat(
        tmp_path,
        "wind",
        watchlist='extends = "default"\n[company.gale]\nname = "Galewerk"\nzh = "风厂"\n',
        words='[wind]\nwords = ["turbine", "风机"]\n',
    )
    (tmp_path / "sinowire.toml").write_text('beat = "wind"\n', encoding="utf-8")

    config = load_config(load_settings(tmp_path))

    assert config.beat.name() == "Wind power"
    assert config.beat.name("zh") == "风电"
    assert config.watchlist.company("gale").name == "Galewerk"
    assert config.watchlist.company("huawei")
    assert tomllib.loads(config.beat.texts["words.toml"]) == {
        "wind": {"words": ["turbine", "风机"]}
    }


def test_the_version_of_the_rules_is_of_the_beat(tmp_path):
    """So a home whose beat changes tags anew; the shipped one's is that of its files."""
    shipped = load_config(load_settings(tmp_path)).watchlist.rules_version
    beat(tmp_path, "wind")
    beat(tmp_path, "gale", words='extends = "default"\n[act]\nwords = ["blows"]\n')
    mast = '[thing]\nmast = ["wind mast", "测风塔"]\n'
    beat(tmp_path, "mast", concepts=f'extends = "default"\n{mast}')

    def version(name):
        (tmp_path / "sinowire.toml").write_text(f'beat = "{name}"\n', encoding="utf-8")
        return load_config(load_settings(tmp_path)).watchlist.rules_version

    wind, gale = version("wind"), version("gale")
    assert version("china-tech") == shipped
    assert wind == f"wind {shipped}"
    assert gale.startswith("gale w")
    assert gale.removeprefix("gale ") != shipped
    assert version("mast").removeprefix("mast ") != shipped


def test_a_beat_has_concepts_of_its_own(tmp_path):
    """Beside those below; what is wrong in them is told with their files."""
    turbines = ["turbine", "风机"]
    beat(tmp_path, "wind", concepts=f'extends = "default"\n[thing]\nturbine = {turbines}\n')
    beat(tmp_path, "gale", links='extends = "default"\n[implies]\nturbine = ["plant"]\n')

    wind = load_beat("wind", tmp_path)
    lexicon = wind.concepts

    assert lexicon.concepts_of("海上风机罢工").thing == {"turbine"}
    assert lexicon.concepts_of("海上风机罢工").action == {"strike"}
    assert lexicon is load_beat("wind", tmp_path).concepts
    assert lexicon is pickle.loads(pickle.dumps(lexicon))
    assert wind == pickle.loads(pickle.dumps(wind))
    assert not load_beat().concepts.concepts_of("turbine").thing
    with pytest.raises(ConfigError, match=r"links\.toml names 'plant'"):
        _ = load_beat("gale", tmp_path).concepts


def test_a_file_is_laid_over_the_one_below_entry_by_entry(tmp_path):
    """Tables are merged by key; an entry that extends adds to its lists; others replace."""
    beat(
        tmp_path,
        "wind",
        words='extends = "default"\nwithout = ["china"]\n[act]\nextends = "default"\n'
        'words = ["spins"]\n[show]\nwords = ["fair"]\n',
        weights='extends = "default"\nwithout = ["evidence.word-china"]\n[decision]\n'
        "threshold = 0.7\n",
    )

    made, below = load_beat("wind", tmp_path), load_beat()
    words = tomllib.loads(made.texts["words.toml"])

    assert "china" not in words
    assert {"spins", "launch"} <= set(words["act"]["words"])
    assert words["show"]["words"] == ["fair"]
    assert words["town"] == tomllib.loads(below.texts["words.toml"])["town"]
    assert made.weights.threshold == pytest.approx(0.7)
    assert made.weights.intercept == below.weights.intercept
    assert {t.name for t in below.weights.terms} - {t.name for t in made.weights.terms} == {
        "word-china"
    }


def test_a_home_extends_the_watchlist_of_its_beat(tmp_path):
    """What a beat added to the shipped watchlist is below the home's own file."""
    beat(
        tmp_path,
        "wind",
        watchlist='extends = "default"\n[company.gale]\nname = "Galewerk"\nzh = "风厂"\n',
    )
    (tmp_path / "sinowire.toml").write_text('beat = "wind"\n', encoding="utf-8")
    (tmp_path / "watchlist.toml").write_text(
        'extends = "default"\n[company.gale]\nextends = "default"\naliases = ["GW9"]\n',
        encoding="utf-8",
    )

    watchlist = load_config(load_settings(tmp_path)).watchlist

    gale = watchlist.company("gale")
    assert {alias.text for alias in gale.aliases} == {"Galewerk", "风厂", "GW9"}


def test_a_folder_is_named_by_its_path(tmp_path):
    """A beat may stand anywhere."""
    folder = beat(tmp_path, "wind")
    elsewhere = tmp_path / "elsewhere"
    folder.rename(elsewhere)

    assert load_beat("elsewhere", tmp_path).beat_id == "wind"
    assert load_beat(str(elsewhere), tmp_path).beat_id == "wind"


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        (
            "words",
            '[china]\nwords = "x"',
            "words.toml:2: [china.words] is a text; write a list",
        ),
        (
            "words",
            "[china]\nwords = [3]",
            "words.toml:2: [china.words] is a number; write a t",
        ),
        (
            "weights",
            "[evidence]\nx = 3",
            "weights.toml:2: [evidence.x] is a number; write a ta",
        ),
        (
            "words",
            "extends = true",
            'words.toml:1: [extends] is True; write extends = "default" or leave it out',
        ),
        ("sources", "extends = 'x'", "sources.toml:1: [extends] is 'x'; write extends"),
        ("weights", "[decision]\nintercept = 0", "weights.toml: lacks 'evidence'; add it"),
        ("ranking", "spread = 3", "ranking.toml:1: [spread] is a number; write a table"),
        ("rates", "[rates]\nchip = true", "[rates.chip] is true or false; write a number"),
        ("themes", "wind = [1]", "themes.toml:1: [wind] is a list; write a table"),
        ("regions", "[wind]\nwords = ['(']\nnames = []", "regions.toml: missing ), unterm"),
        ("concepts", "[thing", "concepts.toml:1: not valid TOML"),
        (
            "concepts",
            'extends = "default"\n[thing]\nmast = [""]',
            "mast has an empty word",
        ),
        ("rates", 'extends = "default"\n[rates]\nchip = 0', "no headline holds 'chip'"),
        (
            "telling",
            "begin = 5\nform = []\nsource = []",
            "telling.toml or reports.toml: lacks 'actor'",
        ),
        (
            "sides",
            'extends = "default"\n[[actor]]\nside = "mars"\nterms = ["x"]',
            "side is 'mars'; there are china, us_eu, unclear",
        ),
    ],
)
def test_what_is_of_another_kind_is_refused(tmp_path, file, text, said):
    """A list that is a text would be read letter by letter; the words say what to write."""
    beat(tmp_path, "wind", **{file: text + "\n"})

    with pytest.raises(ConfigError) as caught:
        load_beat("wind", tmp_path).check()

    assert str(caught.value).startswith(f"{tmp_path}/beats/wind/")
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("extends", "said"),
    [("true", "is True; write extends"), ('"default"', "has nothing to extend here")],
)
def test_a_beat_that_stands_alone_extends_nothing(tmp_path, extends, said):
    """Its files are whole, so that one which extends another is refused with its line."""
    texts = {name.removesuffix(".toml"): text for name, text in load_beat().texts.items()}
    folder = beat(tmp_path, "alone", **(texts | {"words": f"extends = {extends}\n"}))
    (folder / "beat.toml").write_text('id = "alone"\nname = "A"\nzh = "独"\n', "utf-8")

    with pytest.raises(ConfigError) as caught:
        load_beat("alone", tmp_path).check()

    assert f"alone/words.toml:1: [extends] {said}" in str(caught.value)


def test_a_beat_that_is_gone_is_told(tmp_path, sinowire):
    """A home whose beat was renamed says which there are, on each command."""
    beat(tmp_path, "wind").rename(tmp_path / "beats" / "breeze")
    (tmp_path / "sinowire.toml").write_text('beat = "wind"\n', encoding="utf-8")

    code, _, err = sinowire("--home", tmp_path, "watchlist", "check")

    assert code == 2
    assert "the setting `beat`: 'wind' is no beat, and no folder with beat.toml" in err
    assert "breeze" in err


def test_an_unknown_beat_is_refused(tmp_path):
    """The message names the nearest."""
    with pytest.raises(ConfigError, match=r"'china-tec' is no beat.*'china-tech'"):
        find_beat(tmp_path, "china-tec")


def test_a_circle_is_refused(tmp_path):
    """The message shows it."""
    beat(tmp_path, "wind", base="water")
    beat(tmp_path, "water", base="wind")

    with pytest.raises(ConfigError, match="in a circle: wind → water → wind"):
        load_beat("wind", tmp_path)


def test_a_beat_that_extends_none_and_lacks_a_file_is_refused(tmp_path):
    """The message names the file, and how to do without."""
    folder = beat(tmp_path, "wind")
    head = (folder / "beat.toml").read_text(encoding="utf-8")
    (folder / "beat.toml").write_text(head.replace("extends", "# extends"), "utf-8")

    with pytest.raises(ConfigError, match=r"watchlist.toml: is not there; .*extends = "):
        load_beat("wind", tmp_path)


def test_themes_are_the_beats(tmp_path):
    """A week's brief has those of its beat; a board of another one is refused by name."""
    beat(tmp_path, "wind", themes='[offshore]\nname = "Offshore"\nzh = "海上"\n')
    (tmp_path / "sinowire.toml").write_text('beat = "wind"\n', encoding="utf-8")
    text = '[topic.park]\nname = "Parks"\nboards = ["theme-{}"]\n'
    (tmp_path / "watchlist.toml").write_text(text.format("offshore"), encoding="utf-8")

    config = load_config(load_settings(tmp_path))
    assert config.writing.themes == {"offshore": {"en": "Offshore", "zh": "海上"}}

    (tmp_path / "watchlist.toml").write_text(text.format("ofshore"), encoding="utf-8")
    with pytest.raises(ConfigError, match=r"\[topic.park.boards\].*'theme-offshore'"):
        load_config(load_settings(tmp_path)).check()


def test_rules_of_alerts_are_the_beats(tmp_path, sinowire):
    """A home's file extends those of its beat, whose entries are shown as written."""
    beat(
        tmp_path,
        "wind",
        alerts='extends = "default"\nwithout = ["rule.bursts"]\n[rule.gales]\n'
        'kind = "silence"\nnote = "Calm"\nchannels = ["file"]\n',
    )
    (tmp_path / "sinowire.toml").write_text('beat = "wind"\n', encoding="utf-8")
    (tmp_path / "alerts.toml").write_text('extends = "default"\n', encoding="utf-8")

    rules = {rule.rule_id for rule in load_config(load_settings(tmp_path)).alerts.rules}
    code, out, _ = sinowire("--home", tmp_path, "alerts", "show", "gales")

    assert "gales" in rules
    assert "bursts" not in rules
    assert (code, out.splitlines()[0]) == (0, "[rule.gales]")


def test_a_file_that_is_not_read_any_more_is_reported_once(tmp_path, sinowire):
    """Not as an error, though its words would be none; a shipped beat has no such file."""
    beat(tmp_path, "wind", frames="not TOML")
    (tmp_path / "sinowire.toml").write_text('beat = "wind"\n', encoding="utf-8")
    (tmp_path / "feeds.toml").write_text("", encoding="utf-8")

    for command in (("beat", "check"), ("run",)):
        _, _, err = sinowire("--home", tmp_path, *command)
        assert err.count("frames.toml is not read any more") == 1, (command, err)
        assert "delete it" in err
    (tmp_path / "beats" / "wind" / "frames.toml").unlink()
    assert "frames.toml" not in "".join(sinowire("--home", tmp_path, "run")[1:])


def test_what_is_taken_out_must_be_there(tmp_path):
    """The message names the file and what it lacks."""
    beat(tmp_path, "wind", words='extends = "default"\nwithout = ["chna"]\n')

    with pytest.raises(ConfigError, match=r"words.toml.*'chna', which is not below.*china"):
        load_beat("wind", tmp_path)


def test_what_decides_findings_is_part_of_the_version():
    """Each of those files, and none that only orders what was found."""
    shipped = load_beat()

    def version(name):
        return replace(shipped, texts=shipped.texts | {name: shipped.texts[name] + MORE})

    changed = {name for name in PARTS if version(name).rules != shipped.rules}

    assert changed == {
        *("words.toml", "weights.toml", "sources.toml", "roles.toml", "telling.toml"),
        *("evidence.toml", "reports.toml"),
    }


NOW = datetime(2026, 11, 27, 22, tzinfo=UTC)


def test_a_home_of_the_second_beat_has_a_front_page(tmp_path):
    """Its invented quarter is nearly all on the beat, and leads a brief with its name."""
    (tmp_path / "sinowire.toml").write_text('beat = "chips"\n', encoding="utf-8")
    config = load_config(load_settings(tmp_path))
    past = [*history_lines(NOW, "chips")][-40:]
    file = tmp_path / "history.jsonl"
    file.write_text("\n".join(past), encoding="utf-8")

    import_file(config, file, Imported(), now=NOW, report=print, progress=print)
    publish(config.settings)

    with published(config.settings) as con:
        rows = con.sql("select title, is_on_beat from articles").fetchall()
    for name, title in (("en", "Chip makers outside of China, "), ("zh", "海外芯片")):
        brief = make_brief(config, now=NOW, period="week", language=name)
        assert render_markdown(brief).startswith(f"# {title}")
        assert len(brief.stories) > 5
    off = [title for title, is_on in rows if not is_on]
    assert 0 < len(off) < len(rows) / 6
    assert any("薯" in title or "Crisps" in title or "chips" in title for title in off)


def test_init_begins_a_home_of_a_beat(tmp_path, sinowire):
    """The setting and the beat's feeds are written; another beat is not overwritten."""
    home = tmp_path / "chips"

    assert sinowire("init", str(home), "--beat", "chips")[0] == 0
    assert (home / "sinowire.toml").read_text("utf-8") == 'beat = "chips"\n'
    assert (home / "feeds.toml").read_text("utf-8") == load_beat("chips").texts[
        "feeds.toml"
    ]

    code, _, err = sinowire("init", str(home), "--beat", "china-tech")
    assert (code, "says beat = 'chips'; edit it" in err) == (2, True)
    code, _, err = sinowire("init", str(tmp_path / "x"), "--beat", "chps")
    assert (code, "did you mean 'chips'?" in err) == (2, True)
    assert not (tmp_path / "x").exists()


def test_a_beat_without_an_invented_past_has_no_demo(tmp_path, sinowire):
    """The refusal names those that have one."""
    code, _, err = sinowire("demo", str(tmp_path / "d"), "--beat", "chipss")

    assert (code, "has no demo; did you mean 'chips'?" in err) == (2, True)


def test_what_is_below_goes_on_without_what_a_beat_took_out(tmp_path, sinowire):
    """Boards of replaced themes, priors, parents, managers and home; in a home as well."""
    beat(
        tmp_path,
        "wind",
        themes='[offshore]\nname = "Offshore"\nzh = "海上"\n',
        watchlist='extends = "default"\nwithout = ["topic.robotics", "company.alibaba", '
        '"event.earnings"]\n[home]\ncompanies = ["huawei"]\n'
        '[company.huawei]\nextends = "default"\naliases = ["HW Wind"]\n',
    )
    beat(
        tmp_path,
        "gale",
        base="wind",
        watchlist='extends = "default"\nwithout = ["company.huawei", "topic.ev-auto", '
        '"topic.us-export-controls"]\n',
    )
    (tmp_path / "sinowire.toml").write_text('beat = "gale"\n', encoding="utf-8")

    checked = [
        sinowire("--home", tmp_path, "beat", "check", name) for name in ("wind", "gale")
    ]
    watchlist = load_config(load_settings(tmp_path)).check().watchlist
    (tmp_path / "watchlist.toml").write_text('extends = "default"\n', encoding="utf-8")
    load_config(load_settings(tmp_path)).check()

    assert [code for code, *_ in checked] == [0, 0], checked
    assert [err.splitlines()[-1] for *_, err in checked] == [
        "beat wind: 0 findings",
        "beat gale: 1 finding",
    ]
    assert checked[1][1].splitlines()[-1].startswith("nobody at home")
    assert not watchlist.home.companies
    assert not any(
        board.startswith("theme-") for t in watchlist.topics for board in t.boards
    )
    assert not any("robotics" in prior for prior in watchlist.priors.values())


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ('[home]\ncompanies = ["huawie"]', ":5: [home.companies] names 'huawie'"),
        ('[topic.mast]\nname = "Mast"\nboards = ["theme-mast"]', "names 'theme-mast'"),
        (
            '[person.gale]\nname = "Gale"\ncompany = "zzz"',
            "[person.gale.company] names 'zzz', which does not exist; add [company.zzz]",
        ),
        (
            "[prior.huawei]\nqqq = 1.0",
            ":5: [prior.huawei.qqq] names 'qqq', which does not exist; add [topic.qqq]",
        ),
        ('[topic.mast]\nname = ""', ":5: [topic.mast.name] is missing"),
    ],
)
def test_own_words_that_name_nothing_are_told_with_their_line(
    tmp_path, sinowire, said, problem
):
    """The line of the beat's file, not of what it was laid over, in its homes as well."""
    beat(tmp_path, "wind", watchlist=f'extends = "default"\n\n\n{said}\n')
    (tmp_path / "sinowire.toml").write_text('beat = "wind"\n', encoding="utf-8")

    alone = sinowire("--home", tmp_path, "beat", "check", "wind")
    without = sinowire("--home", tmp_path, "watchlist", "check")
    (tmp_path / "watchlist.toml").write_text('extends = "default"\n', encoding="utf-8")
    beside = sinowire("--home", tmp_path, "watchlist", "check")

    for code, _, err in (alone, without, beside):
        assert code == 2
        assert "beats/wind/watchlist.toml:" in err
        assert problem in err

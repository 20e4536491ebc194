"""``sinowire beat``: list, a new beat of labelled headlines, fitted anew, and checked."""

from __future__ import annotations

import json
import shutil

import pytest

from flows.beats import load_beat
from flows.home import load_config
from flows.settings import load_settings
from flows.steps.beat_making import BeatHead, make_beat, read_label_file
from transforms.names.rules.file import parse_watchlist
from transforms.names.tagging import compile_tagger, tag_text
from transforms.relevance.evidence import MOST_WORDS, read_words
from transforms.training.labels import MOST

pytestmark = pytest.mark.slow

EN_PLACES = [
    "Jutland",
    "Cornwall",
    "Galicia",
    "Ohio",
    "Bergen",
    "Izmir",
    "Sicily",
    "Gdansk",
]
ZH_PLACES = ["江苏", "福建", "山东", "广东", "辽宁", "浙江", "海南", "河北"]
ON = [
    *(f"Wind turbine maker wins order off {place}" for place in EN_PLACES),
    *(f"Offshore wind farm near {place} delayed" for place in EN_PLACES),
    *(f"{place}海上风电项目招标" for place in ZH_PLACES),
    *(f"风机企业在{place}扩产" for place in ZH_PLACES),
]
OFF = [
    *(f"Football club of {place} wins the cup" for place in EN_PLACES),
    *(f"Bakery in {place} opens a second shop" for place in EN_PLACES),
    *(f"{place}中学举行运动会" for place in ZH_PLACES),
    *(f"{place}餐厅推出新菜单" for place in ZH_PLACES),
]


@pytest.fixture
def labels(tmp_path):
    """A file of labels of two languages, half of them on."""
    return write(tmp_path / "labels.jsonl", ON, OFF)


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An empty home."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("SINOWIRE_HOME", str(home))
    return home


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A home with a beat made of the labels."""
    home = tmp_path_factory.mktemp("made")
    labels = read_label_file(write(home / "labels.jsonl", ON, OFF))
    make_beat(load_settings(home), "wind", labels, head=BeatHead(), inherits=True)
    return home


@pytest.fixture
def wind(home, made):
    """The same beat in the home, to be changed."""
    return shutil.copytree(made / "beats" / "wind", home / "beats" / "wind")


def write(path, on, off):
    rows = [{"title": t, "on": True} for t in on] + [{"title": t, "on": False} for t in off]
    lines = (json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_beat_is_made_of_labels_and_watched(home, labels, sinowire):
    """Its folder has the files, words of both scripts, and weights that tell them apart."""
    code, out, err = sinowire(
        *("beat", "new", "wind", "--from", labels, "--name", "Wind", "--zh", "风电"),
        *("--format", "json"),
    )

    assert code == 0, err
    figures = {row["labels"]: row for row in json.loads(out)}
    assert (figures["all"]["on"], figures["all"]["off"]) == (32, 32)
    assert min(figures[kind]["f1"] for kind in ("all", "en", "zh")) > 0.75
    assert 'beat = "wind"' in err
    words = (home / "beats/wind/words.toml").read_text("utf-8")
    assert '"wind' in words
    assert "风" in words

    (home / "sinowire.toml").write_text('beat = "wind"\n', "utf-8")
    config = load_config(load_settings(home)).check()
    assert config.beat.name("zh") == "风电"
    for title, is_on in (
        ("Wind turbine maker opens a plant near Bilbao", True),
        ("青海海上风电招标启动", True),
        ("Football club of Bilbao wins the cup", False),
        ("Huawei unveils a phone", False),
    ):
        assert tag_text(config.tagger, title=title)["on_beat"] is is_on, title


def test_beats_are_listed_with_the_one_in_use(home, wind, sinowire):
    """Shipped ones, the home's own, and which is watched."""
    (home / "sinowire.toml").write_text('beat = "wind"\n', "utf-8")

    _, out, _ = sinowire("beat", "list", "--format", "json")

    rows = {row["beat"]: row for row in json.loads(out)}
    assert set(rows["wind"]) == {"beat", "name", "source", "in_use"}
    assert [name for name, row in rows.items() if row["in_use"]] == ["wind"]
    assert rows["china-tech"]["source"] == "shipped"
    assert rows["wind"]["source"] == str(wind)


def test_weights_are_fitted_anew_after_edits(home, labels, wind, sinowire):
    """A word that the reader adds is weighed; other files stay as they were."""
    file = wind / "words.toml"
    edited = file.read_text("utf-8").replace(
        "[aside]\nwords = [", '[aside]\nwords = ["cup",'
    )
    file.write_text(edited, "utf-8")
    before = load_beat("wind", home).texts["weights.toml"]

    code, _, err = sinowire("beat", "new", "wind", "--from", labels, "--refit")

    assert code == 0, err
    after = load_beat("wind", home).texts
    assert after["weights.toml"] != before
    assert file.read_text("utf-8") == edited
    watchlist = parse_watchlist(
        after["watchlist.toml"], rules=load_beat("wind", home).rules
    )
    tagger = compile_tagger(watchlist, load_beat("wind", home).tagging)
    assert not tag_text(tagger, title="Football cup sponsored")["on_beat"]


@pytest.mark.parametrize(
    ("on", "off", "says"),
    [
        (ON, [], "32 headlines are labelled, 32 on and 0 off: none is off"),
        ([], OFF, "none is on, so nothing tells them apart"),
        (ON[:9], OFF[:9], "18 headlines are labelled, 9 on and 9 off: too few"),
        (ON, OFF[:5], "32 on and 5 off: too few; label 60 or more, 15 of each"),
    ],
)
def test_labels_that_tell_nothing_are_refused(home, tmp_path, sinowire, on, off, says):
    """A sentence says how many of each there are, and what is needed; nothing is made."""
    file = write(tmp_path / "few.jsonl", on, off)

    code, _, err = sinowire("beat", "new", "wind", "--from", file)

    assert (code, says in err) == (2, True), err
    assert not (home / "beats").exists()


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "few.jsonl:65: no JSON"),
        ('{"title": "", "on": true}', "few.jsonl:65: no title"),
        (
            '{"title": "Gale", "on": "yes"}',
            "few.jsonl:65: on is 'yes'; write true or false",
        ),
        ("[1]", "few.jsonl:65: no JSON object"),
        (
            json.dumps({"title": ON[0], "on": False}),
            f"few.jsonl:65: '{ON[0]}' is labelled on and off; decide for one",
        ),
    ],
)
def test_a_line_that_is_no_label_is_refused(home, tmp_path, sinowire, line, says):
    """The message names file and line."""
    file = write(tmp_path / "few.jsonl", ON, OFF)
    file.write_text(f"{file.read_text('utf-8')}\n{line}\n", "utf-8")

    code, _, err = sinowire("beat", "new", "wind", "--from", file)

    assert (code, says in err) == (2, True), err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("Wind",), "'Wind' is no id"),
        (("../wind",), "'../wind' is no id"),
        (("chips",), "'chips' is shipped"),
        (("wind", "--extends", "chps"), "'chps' is no beat, and no folder"),
        (("wind", "--languages", "French"), "'French' are no codes of languages"),
        (("wind", "--refit"), "'wind' is no beat"),
        (("chips", "--refit"), "is shipped; make one of your own"),
        (("wind", "--refit", "--name", "W"), "--refit changes the weights alone"),
    ],
)
def test_a_wrong_request_is_refused(home, labels, sinowire, words, says):
    """And nothing is written."""
    code, _, err = sinowire("beat", "new", *words, "--from", labels)

    assert (code, says in err) == (2, True), err
    assert not (home / "beats").exists()


def test_a_beat_that_is_there_stays(home, labels, wind, sinowire):
    """It is not overwritten; the message says how to fit it anew."""
    code, _, err = sinowire("beat", "new", "wind", "--from", labels)

    assert code == 2
    assert "is there already; choose another id, or fit it anew with --refit" in err


def test_check_finds_what_is_probably_mistaken(home, wind, sinowire):
    """Unknown evidence and sectors, absurd weights, words that all headlines have."""
    folder = wind

    def append(name, text):
        file = folder / name
        file.write_text(f"{file.read_text('utf-8')}\n{text}\n", "utf-8")

    term = '"{}" = {{ weight = {}, expected = 0.0, says = "x" }}'
    append("weights.toml", term.format("topic ofshore", 1.0))
    append("weights.toml", term.format("word-subjct", 1.0))
    append("weights.toml", term.format("company hauwei subject", 1.0))
    append("weights.toml", term.format("event lawsuit & chinese", 50))
    append("words.toml", '[more]\nwords = ["the", "x"]')
    append("evidence.toml", '[firms]\nrival = { home = false, sectors = ["semicon"] }')
    watchlist = (folder / "watchlist.toml").read_text("utf-8")
    (folder / "watchlist.toml").write_text(
        watchlist.replace("companies = []", "companies = []\nsectors = []")
        + '\n[company.river]\nname = "River"\nzh = "河厂"\n',
        "utf-8",
    )

    code, out, err = sinowire("beat", "check", "wind", "--format", "json")

    found = {(row["check"], row["entry"]) for row in json.loads(out)}
    assert code == 0, err
    assert {
        ("unknown evidence", "weights.toml: topic ofshore"),
        ("unknown evidence", "weights.toml: word-subjct"),
        ("unknown evidence", "weights.toml: company hauwei subject"),
        ("absurd weight", "weights.toml: event lawsuit & chinese"),
        ("common word", "words.toml: more"),
        ("unknown sector", "evidence.toml: firms.rival"),
        ("nobody at home", "watchlist.toml: home"),
    } <= found
    assert any(check == "common word" and "river" in entry for check, entry in found)


def test_check_refuses_what_a_home_of_the_beat_would_be_refused_for(home, wind, sinowire):
    """Its feeds and rules of alerts too; the file is the beat's."""
    (wind / "feeds.toml").write_text('[feed.gale]\nurl = "gale"\n', "utf-8")
    feeds = sinowire("beat", "check", "wind")
    (wind / "feeds.toml").unlink()
    (wind / "alerts.toml").write_text(
        'extends = "default"\n[rule.x]\nkind = "y"\n', "utf-8"
    )
    alerts = sinowire("beat", "check", "wind")

    assert (feeds[0], "beats/wind/feeds.toml:" in feeds[2]) == (2, True), feeds
    assert (alerts[0], "beats/wind/alerts.toml: [rule.x" in alerts[2]) == (2, True), alerts


@pytest.mark.parametrize(
    ("says", "told", "is_wide"),
    [
        ('companies = ["vestas", "huawei"]', "at home: 2 firms: Huawei, Vestas", False),
        ('abroad = ["CN"]\ncompanies = ["vestas"]', "firms: ", True),
        ('abroad = ["JP"]', "firms: ", True),
        ('abroad = ["CN"]\nsectors = ["wind"]', "at home: 1 firm: Vestas", False),
    ],
)
def test_check_tells_who_is_at_home(home, wind, sinowire, says, told, is_wide):
    """How many firms, and the first; nearly all, or all of elsewhere, are doubtful."""
    (wind / "watchlist.toml").write_text(
        f'extends = "default"\n[home]\n{says}\n[company.vestas]\nname = "Vestas"\n'
        'zh = "维斯塔斯"\nkind = "foreign_company"\nsector = "wind"\ncountry = "DK"\n',
        "utf-8",
    )

    code, out, err = sinowire("beat", "check", "wind")

    assert code == 0, err
    assert told in err
    assert ("wide home" in out) is is_wide


def test_check_lists_the_labels_that_are_judged_wrongly(home, wind, tmp_path, sinowire):
    """The worst first, each with the heaviest evidence."""
    odd = "Wind turbine maker wins order off Jutland and Ohio"
    file = write(tmp_path / "odd.jsonl", ON, [*OFF, odd])

    _, out, _ = sinowire("beat", "check", "wind", "--from", file)

    told = out.partition("labels that the beat judges differently: ")[2].splitlines()
    assert told[0].endswith("the worst first")
    assert odd in told[1]
    assert told[1].startswith("off ")
    assert "word-subject +" in told[2]
    assert "(wind" in told[2]


def test_a_firm_that_tells_of_itself_is_on_the_beat(home, wind):
    """In its own feed it is what the beat is about, as it is elsewhere."""
    text = 'extends = "default"\n[home]\ncompanies = ["openai"]\n'
    (wind / "watchlist.toml").write_text(text, "utf-8")
    (home / "sinowire.toml").write_text('beat = "wind"\n', "utf-8")
    tagger = load_config(load_settings(home)).tagger
    title = "Introducing ChatGPT Go in India"

    beside, own = (
        tag_text(tagger, title=title, source=source)["relevance"]
        for source in ("", "openai-blog")
    )

    assert own >= beside > 0.3


def test_words_of_any_chinese_headline_are_no_words_of_a_beat(
    home, wind, tmp_path, sinowire
):
    """They are not drafted, though the labels have them on one side, and found by check."""
    labels = write(
        tmp_path / "plain.jsonl",
        [f"{title}智能发布" for title in ON],
        [f"{title}最新消息" for title in OFF],
    )
    code, _, err = sinowire("beat", "new", "gale", "--from", labels)
    drafted = (home / "beats/gale/words.toml").read_text("utf-8")
    words = wind / "words.toml"
    words.write_text(
        words.read_text("utf-8").replace(
            "[subject]\nwords = [", '[subject]\nwords = ["发布",'
        ),
        "utf-8",
    )

    _, out, _ = sinowire("beat", "check", "wind", "--format", "json")

    assert code == 0, err
    assert not [word for word in ("智能", "发布", "最新", "消息") if f'"{word}"' in drafted]
    found = [row["problem"] for row in json.loads(out) if row["check"] == "common word"]
    assert any("'发布'" in problem for problem in found)


def test_check_scores_a_beat_by_labels(home, labels, sinowire):
    """A beat that tells them apart no better than chance is a finding."""
    code, out, err = sinowire("beat", "check", "china-tech", "--from", labels)

    assert code == 0
    assert "precision" in out
    assert "by your labels" in out
    assert "findings" in err


def test_more_labels_than_tell_anything_are_refused(home, tmp_path, sinowire):
    """At once: where they are fitted, each is read in every fold."""
    half = [f"Wind farm {number}" for number in range(MOST // 2)]
    file = write(tmp_path / "many.jsonl", half, [*(f"Off {each}" for each in half), "One"])
    code, _, err = sinowire("beat", "new", "many", "--from", file)
    assert (code, "more than 10,000 labels; take a sample" in err) == (2, True), err
    assert not (home / "beats").exists()


def test_more_words_than_any_beat_needs_are_refused(home, wind, sinowire):
    """A word that stands there twice counts once; those of the beat below count too."""
    words = home / "beats" / "wind" / "words.toml"
    below = len(read_words(load_beat("wind", home).texts["words.toml"]).words)
    before = words.read_text("utf-8")
    most = [f"qv{number:05}" for number in range(MOST_WORDS - below)]
    for added, is_refused in ((most, False), ([*most, "qvx"], True)):
        words.write_text(f"{before}\n[many]\nwords = {[*added, added[0]]}\n", "utf-8")
        code, _, err = sinowire("beat", "check", "wind")
        assert (code == 2, f"{words}: has more than 50,000 words" in err) == (
            is_refused,
        ) * 2


@pytest.mark.parametrize("beat", ["china-tech", "chips"])
def test_shipped_beats_are_without_findings(home, sinowire, beat):
    """As they are, of all files."""
    code, out, err = sinowire("beat", "check", beat)

    assert (code, out) == (0, ""), out
    assert "0 findings" in err


def test_a_missing_file_and_a_circle_are_refused(home, wind, sinowire):
    """A sentence names the file, or the circle."""
    head = wind / "beat.toml"
    text = head.read_text("utf-8")

    head.write_text(text.replace('extends = "china-tech"', 'extends = "wind"'), "utf-8")
    circle = sinowire("beat", "check", "wind")
    head.write_text(text.replace('extends = "china-tech"', ""), "utf-8")
    missing = sinowire("beat", "check", "wind")
    (home / "sinowire.toml").write_text('beat = "gale"\n', "utf-8")
    renamed = sinowire("beat", "check")

    assert (circle[0], "in a circle: wind → wind" in circle[2]) == (2, True), circle
    assert (missing[0], "is not there; add it, or extend" in missing[2]) == (2, True)
    assert (renamed[0], "'gale' is no beat" in renamed[2]) == (2, True), renamed


@pytest.mark.parametrize(
    ("title", "says"),
    [
        (
            "Wind over Jutland",
            "off the beat: relevance {} with too little evidence for it; from",
        ),
        ("Blue", "off the beat: relevance {} by no-evidence; from"),
    ],
)
def test_why_tells_too_little_evidence_from_none(home, wind, sinowire, title, says):
    """What speaks for it stands in the table below, so the reason is not that none does."""
    weights = 'extends = "default"\n[decision]\nthreshold = 0.9\n[evidence]\n'
    (wind / "words.toml").write_text(
        'extends = "default"\n[gust]\nwords = ["wind"]', "utf-8"
    )
    (wind / "weights.toml").write_text(
        f'{weights}word-gust = {{ weight = 0.5, expected = 0.5, says = "x" }}\n', "utf-8"
    )
    (home / "sinowire.toml").write_text('beat = "wind"\n', "utf-8")

    code, out, err = sinowire("watchlist", "why", title)
    relevance = out.partition("relevance ")[2].split()[0]

    assert code == 0, err
    assert says.format(relevance) in out

"""`sinowire release`: a data set for others, whole or not at all, the same each time."""

from __future__ import annotations

import csv
import hashlib
import json
import resource
import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from importlib.util import find_spec

import duckdb
import pytest
import yaml
from either_kind import publish, writer

from flows.home import load_config
from flows.settings import load_settings
from flows.steps.ingest.history import Imported, import_file
from flows.steps.release import make_release
from warehouse.errors import NoRelease

pytestmark = pytest.mark.slow

NOW = datetime(2026, 8, 6, 12, tzinfo=UTC)
# Text of outlets that would be something else in a spreadsheet, in YAML or to a parser.
FORMULA = "=cmd|' /C calc'!A0 Baidu"
BREAKS = 'Baidu }, @misc{x, "quoted" % \\input{y} # : - ER  - &lt;b&gt; 百度'
OUTLET = '@SUM(1) "Outlet": {a: b}'
SUMMARIES = (
    "Told at length by the outlet, in words of its own.",
    "出自媒体的详细报道，原文照录。",
)
LINES = (
    ("2026-08-03T17:00Z", FORMULA, OUTLET),  # Tuesday the 4th in Shanghai
    ("2026-08-04T09:00Z", BREAKS, "+Plus"),
    ("2026-08-04T10:00Z", "Roborock said to plan a factory for robots", "Roundup"),
    ("2026-08-04T11:00Z", "US adds Baidu to the Entity List over AI chips", "Wire"),
    ("2026-08-05T15:59Z", "百度发布新机器人", "小报"),
)
AUTHORS = ('A: "B" #{c}\u2028\x85', "- x")
MORE = """
[person.robin]
name = "Robin Li"
zh = "李彦宏"
company = "baidu"

[company.apple]
name = "Apple"
kind = "foreign_company"
aliases = [{ text = "苹果", not = "苹果树", examples = ["苹果发布", "not: 苹果树"] }]

[event.listing]
name = "Listing"
zh = "列入名单"
[[event.listing.clauses]]
act = ["adds"]
object = ["Entity List"]
"""
LATER = (
    ("2026-08-05T16:00Z", "Roborock denies plan for a factory for robots", "Roundup"),
    ("2026-08-05T17:00Z", "百度发布新机器人，售价一万元", "晚报"),
)
DESCRIBING = {
    *("README.md", "data-dictionary.md", "datapackage.json", "croissant.json"),
    *("CITATION.cff", "SHA256SUMS"),
}
# A process of its own runs it, since pandas changes what DuckDB does: each table of each
# release, and its rows.
LOAD = """
import json, sys
import mlcroissant
for release in sys.argv[1:]:
    dataset = mlcroissant.Dataset(f"{release}/croissant.json")
    issues = dataset.metadata.ctx.issues
    assert not issues.errors | issues.warnings, issues.report()
    tables = [each.uuid for each in dataset.metadata.record_sets]
    print(json.dumps({table: sum(1 for _ in dataset.records(table)) for table in tables}))
"""


def bring(home, lines, number=0):
    """Import lines of a moment, a headline and an outlet; publish."""
    path = home / "lines.jsonl"
    told = (
        {
            "url": f"https://x.example/{number + n}",
            "title": title,
            "summary": SUMMARIES[not title.isascii()],
            "published": at,
            "first_seen_at": at,
            "publisher": outlet,
            "language": "en" if title.isascii() else "zh",
        }
        for n, (at, title, outlet) in enumerate(lines)
    )
    path.write_text("".join(f"{json.dumps(line)}\n" for line in told), encoding="utf-8")
    config = load_config(load_settings(home))
    import_file(config, path, Imported(), now=NOW, report=str, progress=str)
    publish(home)
    path.unlink()


def make(folder, out, **options):
    """Make a release of a home in its folder *out*."""
    asked = {"since": None, "until": None, "titles": False, "authors": ()}
    asked |= {"license_id": "", "progress": str} | options
    return make_release(load_config(load_settings(folder)), folder / out, **asked)


@pytest.fixture(scope="session")
def released(make_home_once, furnish):
    """A home with the lines above, and two releases of it: bare and titled."""

    def fill(folder):
        furnish(folder)
        with (folder / "watchlist.toml").open("a", encoding="utf-8") as file:
            file.write(MORE)
        bring(folder, LINES)
        make(folder, "bare")
        make(folder, "titled", titles=True, authors=AUTHORS, license_id="CC-BY-4.0")

    return make_home_once("released", fill)


@pytest.fixture
def bare(released):
    """A release as it is made where nothing is said."""
    return released / "bare"


@pytest.fixture
def titled(released):
    """One with headlines, authors and a licence."""
    return released / "titled"


@pytest.fixture(params=["bare", "titled"])
def either(request, released):
    """Both of them, one after the other."""
    return released / request.param


@pytest.fixture
def told(released, home, is_on_lake):
    """A home of its own with the same."""
    if is_on_lake:
        shutil.copy(released / "watchlist.toml", home)
        bring(home, LINES)
        return home
    shutil.copytree(released / "data", home / "data")
    shutil.copy(released / "watchlist.toml", home)
    return home


def files(folder):
    """Return the files of a release by their paths."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def rows(folder, table, select="*"):
    """Ask a table of a release, by its Parquet file."""
    with duckdb.connect() as con:
        con.execute("set TimeZone = 'UTC'")
        return con.execute(
            f"select {select} from read_parquet(?)", [f"{folder}/parquet/{table}.parquet"]
        ).fetchall()


def text_rows(folder, table):
    """Return the rows of a table by its CSV file."""
    path = folder / "csv" / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def tables_of(folder):
    """Return the tables of datapackage.json by name."""
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    return {each["name"]: each for each in package["resources"] if "schema" in each}


def test_a_release_has_its_tables_twice_and_what_describes_them(bare):
    """And every file is in the checksums, as sha256sum reads them."""
    found = files(bare)
    tables = {name.split("/")[1].split(".")[0] for name in found if "/" in name}

    assert found.keys() == DESCRIBING | {
        f"{shape}/{table}.{shape}" for table in tables for shape in ("csv", "parquet")
    }
    assert tables >= {"articles", "mentions", "tags", "stories", "measures", "claims"}
    assert tables >= {"company_days", "topic_days", "outlet_days", "register", "figures"}
    lines = found.pop("SHA256SUMS").decode().splitlines()
    sums = dict(reversed(line.split("  ")) for line in lines)
    assert sums == {name: hashlib.sha256(body).hexdigest() for name, body in found.items()}


def test_frictionless_finds_no_fault(either):
    """Types, keys, references, sizes and checksums are as datapackage.json says."""
    from frictionless import Package  # noqa: PLC0415  slow

    report = Package(str(either / "datapackage.json")).validate()

    assert report.valid, report.flatten(["name", "type", "note"])
    assert len(report.tasks) == 30


def test_croissant_names_files_and_columns_that_are_there(either):
    """Each field is a column of a Parquet file that is listed, with its checksum."""
    croissant = json.loads((either / "croissant.json").read_text("utf-8"))
    listed = {file["@id"]: file for file in croissant["distribution"]}

    for path, file in listed.items():
        body = (either / path).read_bytes()
        assert file["sha256"] == hashlib.sha256(body).hexdigest()
        assert file["contentSize"] == f"{len(body)} B"
    assert listed.keys() == {name for name in files(either) if "/" in name}
    with duckdb.connect() as con:
        for records in croissant["recordSet"]:
            [path] = {field["source"]["fileObject"]["@id"] for field in records["field"]}
            con.execute("from read_parquet(?) limit 0", [str(either / path)])
            columns = [column[0] for column in con.description]
            taken = [field["source"]["extract"]["column"] for field in records["field"]]
            assert taken == columns
            assert all(field["description"] for field in records["field"])


@pytest.mark.skipif(find_spec("mlcroissant") is None, reason="needs mlcroissant")
def test_mlcroissant_reads_every_record(bare, titled):
    """Without a fault or a warning, and as many as there are rows."""
    read = subprocess.run(
        [sys.executable, "-c", LOAD, bare, titled],
        capture_output=True,
        text=True,
        check=False,
    )

    assert read.returncode == 0, read.stderr
    assert [json.loads(line) for line in read.stdout.splitlines()] == [
        {name.replace("-", "_"): table["rows"] for name, table in tables_of(each).items()}
        for each in (bare, titled)
    ]


def test_no_words_of_an_outlet_without_titles(bare, titled):
    """With --titles there are headlines; what an outlet wrote besides never is."""
    found = b"\n".join(files(bare).values())
    stored = [
        cell
        for path in (bare / "parquet").iterdir()
        for row in rows(bare, path.stem, "columns(*)::varchar")
        for cell in row
        if cell
    ]

    for _, title, _ in LINES:
        assert title.encode() not in found
        assert not [cell for cell in stored if title in cell]
    for title in ("百度发布新机器人", "Roborock said to plan a factory for robots"):
        assert title.encode() in files(titled)["csv/articles.csv"]
    everything = found + b"\n".join(files(titled).values())
    assert not [summary for summary in SUMMARIES if summary.encode() in everything]
    names = [{f["name"] for f in t["schema"]["fields"]} for t in tables_of(bare).values()]
    assert not set.union(*names) & {"title", "headline", "sentence", "summary", "authors"}


def test_a_term_without_titles_is_one_of_the_register(bare, titled):
    """What a clause found is a part of the headline, and comes with it alone."""
    found, more = (dict(rows(each, "tags", "topic_id, term")) for each in (bare, titled))

    assert found == {"robotics": "机器人", "listing": None}
    assert more == {"robotics": "机器人", "listing": "adds … Entity List"}


def test_text_of_outlets_is_text_in_every_file(titled):
    """No cell of a CSV file is a formula; Parquet has it as it was; JSON and YAML hold."""
    written = {row["title"] for row in text_rows(titled, "articles")}
    kept = {title for (title,) in rows(titled, "articles", "title")}
    assert f"'{FORMULA}" in written
    assert {FORMULA, "百度发布新机器人"} < kept
    cells = [
        cell
        for path in (titled / "csv").iterdir()
        for row in text_rows(titled, path.stem)
        for cell in row.values()
    ]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))]
    outlets = {outlet for (outlet,) in rows(titled, "outlet_days", "publisher")}
    assert {OUTLET, "+Plus"} < outlets
    cited = yaml.safe_load((titled / "CITATION.cff").read_text("utf-8"))
    package = json.loads((titled / "datapackage.json").read_text("utf-8"))
    assert tuple(each["name"] for each in cited["authors"]) == AUTHORS
    assert (cited["license"], cited["version"]) == ("CC-BY-4.0", package["version"])
    assert f"{cited['date-released']}" == "2026-08-06"


def test_the_same_data_make_the_same_bytes(bare, told):
    """However rows lie in the file, as they do otherwise in a copy of a lake."""
    with duckdb.connect(load_settings(told).data / "sinowire.duckdb") as con:
        for table in ("articles", "mentions", "tags", "article_versions", "coverage"):
            con.execute(f"create temp table mixed as select * from {table}")
            con.execute(f"delete from {table}")
            con.execute(f"insert into {table} from mixed order by md5(mixed::varchar)")
            con.execute("drop table mixed")
    make(told, "mixed")

    assert files(told / "mixed") == files(bare)


def test_what_comes_later_changes_no_release_of_days_before(bare, told):
    """Neither a story that goes on nor what became of a claim afterwards."""
    bring(told, LATER, number=len(LINES))
    make(told, "again", until=date(2026, 8, 5))
    make(told, "later", since=date(2026, 8, 6))

    assert files(told / "again") == files(bare)
    assert len(rows(told / "later", "articles")) == 2
    began = rows(told / "later", "stories", "story_id, articles, began_before")
    assert sorted(each[1:] for each in began) == [(1, False), (1, True)]


def test_days_are_those_of_the_reporting_zone_both_included(told):
    """By moments of Shanghai, as everywhere else."""
    day = date(2026, 8, 4)
    make(told, "out", since=day, until=day)

    assert rows(told / "out", "articles", "distinct day") == [(day,)]
    assert len(rows(told / "out", "articles")) == 4


def test_tables_agree_with_each_other(bare):
    """Stories count the articles of the release, figures the rows, CSV what Parquet has."""
    with duckdb.connect() as con:
        by_hand = con.execute(
            "select story_id, count(*) from read_parquet(?) group by all",
            [f"{bare}/parquet/articles.parquet"],
        ).fetchall()
    assert sorted(rows(bare, "stories", "story_id, articles")) == sorted(by_hand)
    figures = dict(rows(bare, "figures", "figure, value"))
    assert (figures["articles"], figures["outlets"], figures["days"]) == (5, 5, 2)
    assert (figures["articles_zh"], figures["measures"], figures["claims"]) == (2, 1, 1)
    moments = [row["published_at"] for row in text_rows(bare, "articles")]
    assert moments == [
        *("2026-08-03T17:00:00Z", "2026-08-04T09:00:00Z"),
        *("2026-08-04T10:00:00Z", "2026-08-04T11:00:00Z", "2026-08-05T15:59:00Z"),
    ]
    for table in tables_of(bare).values():
        name = table["path"].removeprefix("csv/").removesuffix(".csv")
        assert len(text_rows(bare, name)) == len(rows(bare, name)) == table["rows"]


def test_the_register_has_names_in_two_scripts_and_test_sentences(bare):
    """People and topics too; a sentence says whether its name is to be found."""
    assert {*rows(bare, "register", "kind, subject_id")} == {
        *(("company", "baidu"), ("company", "roborock"), ("company", "apple")),
        *(("person", "robin"), ("topic", "robotics"), ("event", "listing")),
    }
    names = {*rows(bare, "register_names", "subject_id, name, script")}
    assert {("baidu", "百度", "hans"), ("robin", "李彦宏", "hans")} < names
    assert ("robotics", "robot", "latin") in names
    assert rows(bare, "register_examples", "subject_id, name, example, counts") == [
        ("apple", "苹果", "苹果发布", True),
        ("apple", "苹果", "苹果树", False),
    ]


def test_each_column_says_what_it_is(bare):
    """To people in the dictionary, and to programs."""
    dictionary = (bare / "data-dictionary.md").read_text("utf-8")
    for table in tables_of(bare).values():
        assert table["description"]
        for column in table["schema"]["fields"]:
            assert column["description"], (table["name"], column["name"])
            assert f"| `{column['name']}` |" in dictionary


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--since", "2026-08-33"), "--since '2026-08-33' is not a date"),
        (("--until", "soon"), "--until 'soon' is not a date"),
        (("--since", "2026-08-05", "--until", "2026-08-04"), "is after --until 2026-08-04"),
        (("--until", "2199-01-01"), "--until 2199-01-01 is still to come"),
        (("--until", "2026-08-03"), "articles are of 2026-08-04 to 2026-08-05"),
        (("--since", "2026-08-06"), "no article was published from 2026-08-06"),
        (("--license", "mine"), "'CC-BY-4.0'"),
    ],
)
def test_a_wrong_request_is_named_and_leaves_nothing(told, sinowire, options, said):
    """The exit code is 2, and there is no folder."""
    before = sorted(told.iterdir())
    code, _, err = sinowire("release", told / "out", *options)

    assert code == 2
    assert said in err
    assert sorted(told.iterdir()) == before


@pytest.mark.parametrize("taken", ["file", "folder", "here"])
def test_what_is_there_is_left_alone(told, sinowire, monkeypatch, taken):
    """A file, a folder that is not empty, and the folder that a shell stands in."""
    out = told / "out"
    if taken == "file":
        out.write_text("mine")
    else:
        out.mkdir()
    if taken == "folder":
        (out / "mine").write_text("mine")
    if taken == "here":
        monkeypatch.chdir(out)
    code, _, err = sinowire("release", out)

    assert code == 2
    assert "name a new" in err
    assert not list(told.glob(".out*"))
    assert [path.name for path in told.rglob("mine")] == ["mine"] * (taken == "folder")


def test_an_empty_folder_is_filled(told, sinowire):
    """And what a killed release into it left is removed."""
    left = told / f".out.{killed()}.part"
    for folder in (told / "out", left / "csv"):
        folder.mkdir(parents=True)
    code, out, err = sinowire("release", told / "out", "--until", "2026-08-07")

    assert code == 0, err
    assert "to 2026-08-07, version 2026.8.7+" in out
    assert "warning: no article on 2 days of 4" in err
    assert "--titles adds them" in err
    assert "--license names" in err
    assert "README.md" in files(told / "out")
    assert not left.exists()


def killed():
    """Return the number of a process that is no more."""
    process = subprocess.Popen(["true"])
    process.wait()
    return process.pid


def test_nothing_published_is_nothing_to_release(home, sinowire):
    """The sentence is the one that every reader gets."""
    code, _, err = sinowire("release", home / "out")

    assert code == 1
    assert "nothing has been published yet" in err
    assert not (home / "out").exists()


def test_a_home_without_articles_has_nothing_to_release(home, sinowire):
    """It says so, and writes no tables without rows."""
    with writer(home):
        pass
    publish(home)
    code, _, err = sinowire("release", home / "out")

    assert code == 2
    assert "no article is here yet" in err


def test_a_full_disk_leaves_no_half_release(told, sinowire):
    """It is called that, and nothing stays, hidden or not."""
    before = sorted(told.iterdir())
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_200, hard))
    try:
        code, _, err = sinowire("release", told / "out")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert code == 1
    assert "could not be written" in err
    assert sorted(told.iterdir()) == before


@pytest.mark.long
def test_a_killed_release_is_no_release(told):
    """The folder comes into being by one rename, when all is in it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "flows.console.cli", "release", told / "out"],
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 60
    while not list(told.glob(".out.*.part/parquet/*")) and time.monotonic() < deadline:
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.wait()

    assert process.returncode == -signal.SIGKILL
    assert not (told / "out").exists()
    assert list(told.glob(".out.*.part"))


def test_a_run_may_publish_while_a_release_is_written(bare, told):
    """All of its tables are of the state that it began with."""

    def meanwhile(words):
        if words == "writing mentions":
            with writer(told) as con:
                con.execute("delete from mentions")
                con.execute("update articles set story_id = 'other'")
            publish(told)

    make(told, "out", progress=meanwhile)

    assert files(told / "out") == files(bare)


def test_citations_are_verified_against_a_release(told, bare, titled, sinowire):
    """Of anyone's: with headlines or with their hashes alone as against a home."""
    with writer(told) as con:
        ids = dict(con.execute("select url, article_id from articles").fetchall())
    lab, act = (ids[f"https://x.example/{place}"] for place in (1, 3))
    share = "share_between('2026-08-01', '2026-08-08')"
    cited = json.loads(sinowire("cite", lab, f"s{act}", f"m{act}", share)[1])
    file = told / "refs.json"

    def verified(release, items):
        file.write_text(json.dumps(items), encoding="utf-8")
        code, out, _ = sinowire("verify", file, "--release", release, "--format", "json")
        return code, [(row["state"], row["why"]) for row in json.loads(out)]

    for release in (bare, titled):
        assert verified(release, cited[:3]) == (0, [("same", "")] * 3)
        code, found = verified(release, cited)
        assert (code, found[3][0]) == (1, "unknown")
    for name, value in (
        *(("URL", "https://x.example/99"), ("container-title", "+Plas")),
        ("issued", {"date-parts": [[2026, 8, 5]]}),
        ("title", cited[0]["title"] + "."),
        ("note", cited[0]["note"].replace("content-hash: ", "content-hash: 0")),
    ):
        wrong = [cited[0] | {name: value}]
        for release in (bare, titled):
            assert verified(release, wrong)[1][0][0] == "differs", name
    theirs = {key: value for key, value in cited[0].items() if key != "note"}
    assert verified(bare, [theirs])[0] == 0

    bring(told, LATER, 50)
    later = json.loads(sinowire("cite", *new_ids(told, ids))[1])
    code, found = verified(bare, later)
    assert (code, {state for state, _ in found}) == (1, {"absent"})
    assert all("has articles of 2026-08-04 to 2026-08-05" in why for _, why in found)


def new_ids(home, ids):
    """Return the ids of articles that came since."""
    with writer(home) as con:
        found = con.execute("select article_id from articles").fetchall()
    return sorted({each for (each,) in found} - set(ids.values()))


def test_what_is_no_release_is_no_ground_to_verify(released, sinowire, home, tmp_path):
    """A folder without tables, a damaged table, a description of another kind."""
    file = home / "refs.ris"
    file.write_text("TY  - NEWS\nTI  - x\nER  - \n")
    for name, body, said in (
        ("parquet/articles.parquet", b"", "no release that can be read"),
        ("parquet/claims.parquet", None, "it has no parquet/claims.parquet"),
        ("datapackage.json", b"[]", "its datapackage.json cannot be read"),
        ("datapackage.json", b'{"temporal": {"zone": "../x"}}', "names no time zone"),
    ):
        other = tmp_path / "other"
        shutil.copytree(released / "bare", other)
        if body is None:
            (other / name).unlink()
        else:
            (other / name).write_bytes(body)
        code, out, err = sinowire("verify", file, "--release", other)
        assert (code, out, said in err) == (2, "", True), err
        shutil.rmtree(other)


def test_of_two_releases_into_one_folder_one_is_refused(told):
    """The folder that another filled meanwhile stays as that left it."""

    def fill(_):
        (told / "out").mkdir(exist_ok=True)
        (told / "out" / "theirs").write_text("x")

    with pytest.raises(NoRelease, match=r"something was put into .*out while"):
        make(told, "out", progress=fill)
    assert files(told / "out") == {"theirs": b"x"}
    assert not list(told.glob(".out*"))


HOST = "wire.corp-intranet"
UNNAMED = (
    ("2026-08-03T16:30Z", "US adds Baidu to the Entity List over AI chips", ""),
    ("2026-08-04T08:00Z", "Baidu said to plan a robot for homes", ""),
)


def bytes_of(folder):
    """Return all that a release says, its Parquet read, in small letters."""
    texts = [
        str(duckdb.sql(f"from '{path}'").fetchall())
        if path.suffix == ".parquet"
        else path.read_text("utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ]
    return "\n".join(texts).lower()


def test_who_is_called_by_a_host_is_left_out(home, sinowire):
    """Nothing is told, counted or chosen by its articles, unless that is asked for."""
    bring(home, LINES)
    assert sinowire("release", home / "named")[0] == 0
    file = home / "unnamed.jsonl"
    lines = (
        {
            "url": f"https://www.{HOST}/{n}",
            "title": title,
            "published": at,
            "language": "en",
        }
        for n, (at, title, _) in enumerate(UNNAMED)
    )
    file.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    assert sinowire("import", file)[0] == 0

    code, _, err = sinowire("release", home / "out", "--titles")
    bare = sinowire("release", home / "bare")
    all_of_it = sinowire("release", home / "all", "--hosts")

    assert (code, bare[0], all_of_it[0]) == (0, 0, 0), (err, bare, all_of_it)
    assert f"articles of {HOST} are left out: these outlets have no name" in err
    assert "--hosts" in err
    assert HOST not in bytes_of(home / "out")
    assert HOST not in bytes_of(home / "bare")
    assert HOST in bytes_of(home / "all")
    assert "left out" not in all_of_it[2]
    for table in (
        "measures",
        "claims",
        "company_days",
        "topic_days",
        "outlet_days",
        "figures",
    ):
        read = "from '{}/csv/{}.csv'"
        assert (
            duckdb.sql(read.format(home / "bare", table)).fetchall()
            == duckdb.sql(read.format(home / "named", table)).fetchall()
        ), table

"""The benchmark of full texts reads a folder of saved pages as a pass reads them."""

from __future__ import annotations

import pytest
import saved_pages
from saved_pages import HALVES, read_saved

LINES = (
    "The ministry said on Tuesday that it would extend the trial to four districts.",
    "Two firms have applied so far, and a third is expected to follow by the autumn.",
    "A list of those admitted is to be published by the end of the year, it added.",
)


@pytest.fixture
def folder(tmp_path):
    """Return a folder of three pages: one to be found, one half, one that is none."""
    (tmp_path / "html").mkdir()
    (tmp_path / "txt").mkdir()
    article = "".join(f"<p>{line}</p>" for line in LINES)
    page = f"<html><body><article>{article}</article></body></html>"
    for name in ("one", "two"):
        (tmp_path / f"html/{name}.html").write_text(page, encoding="utf-8")
    (tmp_path / "html/three.html").write_text("<html><p>Cookies</p></html>")
    (tmp_path / "txt/one.txt").write_text("\n\n".join(LINES), encoding="utf-8")
    (tmp_path / "txt/two.txt").write_text(LINES[0], encoding="utf-8")
    (tmp_path / "pages.tsv").write_text(
        "file\thost\tlanguage\ttext\tsource\n"
        "one\ta.example\ten\twhole\tx 1\n"
        "two\tb.example\ten\tbeginning\tx 1\n"
        "three\tc.example\tzh\t\tx 2\n"
        "four\td.example\tzh\t\tno such file\n",
        encoding="utf-8",
    )
    return tmp_path


def test_a_folder_is_read_and_compared(folder, tmp_path):
    """What is found, refused and spent is told, and texts are kept to be read."""
    readings = read_saved(saved_pages.saved_pages(folder))

    assert [(r.saved.name, r.read.outcome) for r in readings] == [
        ("one", "read"),
        ("two", "read"),
        ("three", "no_text"),
    ]
    assert all(reading.cpu > 0 and reading.peak_mb > 10 for reading in readings)
    assert readings[0].score == (1.0, 1.0)
    assert readings[1].score.recall == 1.0
    assert readings[1].score.precision < 0.5
    *_, last = saved_pages.outcomes(readings).rows
    assert last[:6] == ["all", "all", 3, 3, 2, 1]
    [refused] = saved_pages.refusals(readings).rows
    assert refused[0::2] == ("no_text", 1)
    *_, last = saved_pages.agreement(readings).rows
    assert last == ["all", "all", 1, "1.000", "1.000", 1, 1, 1, 1]
    saved_pages.keep_texts(readings, tmp_path / "kept")
    assert (tmp_path / "kept/one.txt").read_text("utf-8") == "\n".join(LINES) + "\n"
    assert "no_text" in (tmp_path / "kept/three.txt").read_text("utf-8")


def test_an_outlet_is_in_one_half(folder):
    """Halves are told apart by host: no outlet is mended by and held out."""
    pages = saved_pages.saved_pages(folder)
    moved = [page._replace(name="other", page=b"") for page in pages]
    assert [page.half for page in moved] == [page.half for page in pages]
    hosts = (pages[0]._replace(host=f"{n}.example").half for n in range(100))
    assert set(hosts) == set(HALVES)


def test_verdicts_are_counted(folder):
    """A person's verdicts are a table; where nobody read there is none."""
    assert saved_pages.verdicts(folder) == []
    (folder / "verdicts.tsv").write_text(
        "file\thost\tlanguage\thalf\tbefore\tfirst\tafter\twhy\n"
        f"one\ta.example\ten\t{HALVES[0]}\tcut\tcut\twhole and clean\tlead was lost\n",
        encoding="utf-8",
    )
    [table] = saved_pages.verdicts(folder)
    *_, before, _, now = table.rows
    assert before == ["all", "others", "extractor alone", 1, 0, 0, 1, 0, 0]
    assert now == ["all", "others", "now", 1, 1, 0, 0, 0, 0]

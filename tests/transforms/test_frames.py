"""Which of two opposite wordings a headline chooses."""

from __future__ import annotations

import pytest
from builders import shipped_beat

from transforms.headlines.frames import FrameError, framings, read_frames

SMALL = """
[frame.rank.poles.first]
terms = ["lead*", "世界第一"]
not = ["lead* … round"]
[frame.rank.poles.last]
name = "behind"
zh = "落后"
terms = ["falls behind", "落后"]
"""


def poles(title, frames=None):
    found = framings([("a1", title)], frames or shipped_beat().frames)
    return {f"{f.frame_id} {f.pole}" for f in found}


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("BYD overtakes Tesla", {"standing leader"}),
        ("比亞迪反超特斯拉", {"standing leader"}),
        ("Taobao leads $80m funding round", set()),
        ("Probe leads to fine for Taobao", {"policy crackdown"}),
        ("Red lead paint found", set()),
        ("Meet China's answer to Nvidia, and its copycats", {"standing follower"}),
        ("Ingram misleads; plead guilty", set()),
        ("网信办约谈抖音", {"policy crackdown"}),
        ("国家大基金扶持芯片企业", {"policy support"}),
        ("Two subsidiaries move", set()),
        ("Meituan shuts down Youxuan and lays off 2,000", {"reach retreat"}),
        ("美团优选全国关停，小象出海", {"reach retreat", "reach expansion"}),
        ("US$1.2 billion in buy-backs", set()),
    ],
)
def test_the_shipped_words(title, expected):
    """Words of both languages, Traditional ones too; what only looks alike is none."""
    assert poles(title) == expected


def test_how_terms_are_written():
    """A star is the rest of a word, dots some words; exceptions go first."""
    frames = read_frames(SMALL)

    assert poles("Leading the world", frames) == {"rank first"}
    assert poles("It leads a new $2bn round", frames) == set()
    assert poles("He leads; it was a long round " + "x" * 60, frames) == set()
    assert poles("It leads " + "x" * 60 + " round", frames) == {"rank first"}
    assert poles("Cheerleader misled", frames) == set()
    assert poles("FALLS  BEHIND", frames) == {"rank last"}
    assert [(row.pole, row.name, row.name_zh) for row in frames.rows] == [
        ("first", "first", ""),
        ("last", "behind", "落后"),
    ]


def test_the_version_follows_the_words():
    """Another word is another version; the term found is told."""
    frames = read_frames(SMALL)
    assert frames.version != read_frames(SMALL.replace("lead*", "win*", 1)).version
    [framing] = framings([("a1", "我们落後了")], frames)
    assert (framing.article_id, framing.pole, framing.term) == ("a1", "last", "落后")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[frame.x.poles.a]\nterms = ["b"]', "frame 'x' needs two poles"),
        ('[frame.x.poles.a]\nterms = ["b"]\n[frame.x.poles.c]', "pole 'c' of frame 'x'"),
    ],
)
def test_what_is_wrongly_written_is_refused(text, said):
    """A pole without words, a frame with one pole."""
    with pytest.raises(FrameError, match=said):
        read_frames(text)

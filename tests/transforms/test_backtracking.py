"""Which patterns an editor may not write: a headline would keep them busy for hours."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import random_patterns
from random_patterns import LENGTH

from flows.beats import beat_folders, default_text
from transforms.config import ConfigError
from transforms.names.rules import companies
from transforms.names.rules.backtracking import (
    LARGE,
    MANY,
    NESTED,
    UNKNOWN,
    backtracking,
)
from transforms.names.rules.file import parse_watchlist
from transforms.names.rules.patterns import compile_pattern

# What analysts write, a line each.
ANALYSTS = r"""
(?:Galaxy|iPhone) \d+
智谱(?:清言|AI)?
\bMi \d{1,2}(?: Pro| Ultra)?\b
小米(?:\d{1,2}|SU7|YU7)(?: ?Ultra)?
(?<!中国)移动(?:支付|应用)
raises? \$\d+(?:\.\d+)? ?(?:million|billion|mn|bn)
(?i)\bdeep-?seek(?:-?[vr]\d(?:\.\d)?)?\b
\bKirin \d{3,4}[A-Z]?\b
(?:华为|鸿蒙)(?:系统|OS)? ?(?:NEXT|\d(?:\.\d)?)
(?i)\bhuawei(?:'s)?\b(?! cloud)
\bQwen\d?(?:\.\d)?(?:-(?:Max|Plus|Turbo|VL))?\b
通义(?:千问|万相|灵码)
\bM\d (?:Pro|Max|Ultra)\b
Snapdragon 8 (?:Gen \d|Elite)
骁龙 ?8(?: ?Gen ?\d| ?至尊版)
(?:融资|募资)\d+(?:\.\d+)?(?:亿|万)(?:美元|元|人民币)?
\d+(?:\.\d+)?(?:亿|万)(?:美元|元)
(?:[A-D]|Pre-[AB]|天使)\+{0,2}轮融资
\bSeries [A-H]\d?\b
(?i)\b(?:IPO|initial public offering)\b.{0,40}\b(?:Hong Kong|Shanghai|Shenzhen)\b
(?:港交所|上交所|科创板).{0,20}(?:上市|挂牌|IPO)
(?:BYD|比亚迪)(?:(?:汽车)|(?:电子))?
\b(?:Seal|Dolphin|Han|Tang|Song) (?:EV|DM-i|L)\b
(?:汉|唐|宋|秦)(?: ?PLUS| ?Pro)? ?(?:EV|DM-i)
理想(?:L[6789]|MEGA|i[68])
问界 ?M[5-9]
(?i)\bmodel [3sxy]\b
\bMate ?\d{2}(?: Pro\+?| RS)?\b
\b[A-Z]{2,5}\.(?:HK|SZ|SS)\b
\b\d{4}\.HK\b
(?<![A-Za-z])AI(?![A-Za-z])
(?<=阿里)(?:云|巴巴)
(?:阿里|腾讯|百度)(?:云|智能云)
腾讯(?!视频|音乐)
苹果(?!汁|醋|树|园|派|酱)
(?<!红)小米(?!粥|椒)
(?<!\w)字节(?:跳动)?(?!码|数)
美团(?:外卖|闪购|优选)?
(?i)\bbyte ?dance\b|\btik ?tok\b
^【.{0,20}】
^(?:Exclusive|Breaking|Update \d): ?
\((?:reuters|bloomberg)\)$
(?i)\b(?:ceo|chief executive)(?: officer)?\b.{0,30}\b(?:resigns?|steps? down|quits?)\b
(?i)\blays? off (?:about |some )?\d[\d,]* (?:people|staff|workers|employees)\b
裁员\d+(?:人|%)
(?:起诉|诉讼).{0,15}(?:专利|侵权)
(?i)\bexport (?:controls?|curbs?|bans?)\b.{0,40}\bchips?\b
(?:出口|技术)(?:管制|限制)
(?i)entity list
\b(?:7|5|3) ?nm\b
\d+ ?纳米
\b\d{1,3}(?:,\d{3})+ (?:units|vehicles|cars)\b
交付(?:量|超)?\d+(?:,\d{3})*辆
(?i)\bv\d+(?:\.\d+){1,2}\b
\$\d{1,3}(?:,\d{3})*(?:\.\d+)?(?:bn|m)?
(?:Q[1-4]|第[一二三四]季度)(?:营收|净利润)?
\d{4}年\d{1,2}月(?:\d{1,2}日)?
(?:同比|环比)(?:增长|下降) ?\d+(?:\.\d+)?%
(?i)\b(?:unveils?|launch(?:es|ed)?|debuts?)\b.{0,40}\b(?:phone|robot|EV|model)s?\b
(?:发布|推出).{0,20}(?:手机|机器人|大模型)
(?:宇树|智元|优必选)(?:科技|机器人)?.{0,10}(?:人形机器人)
\bUnitree (?:G1|H1|R1|Go2)\b
(?:[一-龥]{2,4})(?:科技|集团)(?:股份)?有限公司
(?i)\b(?:nio|xpeng|li auto)(?:'s)?,? (?:and )?\w+
\w+ (?:Technology|Group) Co\.?,? Ltd\.?
""".strip().splitlines()
# What is repeated in a headline to keep shipped patterns busy: of deliveries, plans,
# settlements, fines, debuts, rounds of money, prices and names of firms.
ENEMIES = (
    "sold " * 5 + "1," * 39,
    "sold sold " + "1 " * 12,
    "sold " + "1," * 250,
    "users orders 1 million in the january ",
    "china " * 5 + "plans " * 6 + "$5 " * 15,
    "china " * 8 + "AI " * 10 + "rule ",
    "pay pay $1.1.1.1 $1 settle ",
    "boom boomboom start start-",
    "EU " * 12 + "fines " * 8,
    "rise " * 6 + "in on at a a a ",
    "raise gets 1.1.1 1 1 million $1 fin ",
    "$1.1.1.1 $1 merge ",
    "Ab Ab Ab of and A-A.A ",
)


@pytest.mark.parametrize(
    ("source", "why"),
    [
        (r"(\w+\s?)+!", NESTED),
        (r"(a+)+b", NESTED),
        (r"(?:a*)*b", NESTED),
        (r"(aa|a)*b", NESTED),
        (r"(x+x+)+y", NESTED),
        (r"(\d{1,3})+x", NESTED),
        (r"(?i)(AI|a[i])+", NESTED),
        (r"^(([a-z])+.)+[A-Z]$", NESTED),
        (r"(a|a)*b", NESTED),
        (r"(?:a(?:b|b)c)*x", NESTED),
        (r"(?:a|ab?)*c", NESTED),
        (r"(?:a(?:b?)?)*c", NESTED),
        (r"(?:a(?:b?|c?)){0,30}x", NESTED),
        (r"(?:a++)+b", NESTED),
        (r"\s*\s*x", MANY),
        (r"\d+.*x", MANY),
        (r"\w+\s*\w*!", MANY),
        (r"a(?!\w+\d*x)", MANY),
        (r"a{1,3000}a+", MANY),
        (r"a.*b.*c.*d.*e.*f.*g", MANY),
        (r"a.*?b.*?c.*?d", MANY),
        (r"a[^x]*a[^y]*a[^z]*b", MANY),
        (r"(?:a.*b){3}", MANY),
        (r"a.{0,40}b.{0,40}c.{0,40}d.{0,40}e.{0,40}f", MANY),
        (r"x(?=a.*b.*c.*d)", MANY),
        (r"one.{0,40}two.{0,40}three.{0,40}four.{0,40}five", MANY),
        (r"(?:a?){8}(?:a?){8}(?:a?){8}(?:a?){8}b", MANY),
        (r"(?:a|a){8}(?:a|a){8}(?:a|a){8}(?:a|a){8}b", MANY),
        (r"(?:(?i:a)|A)*b", NESTED),
        (r"(x)?(?(1)y|(?:a|a)*b)", NESTED),
        (r"(?:.?){60}x", NESTED),
        (r"(?:" + "a?" * 60 + ")*b", NESTED),
        ("a?" * 60 + "b", MANY),
        (r"(?:(?:(?:(?:(?:|){8}){8}){8}){8}){8}b", LARGE),
        (r"(\w)\1+", UNKNOWN),
        # What both can read stands within a range, not at its ends.
        (r"(?:[\u0900-\u0980]x|\dx)*b", NESTED),
        (r"(?:[\u1670-\u16a0]x|\sx)*b", NESTED),
        (r"(?:[\u2190-\u2c80]x|\wx)*b", NESTED),
    ],
)
def test_patterns_that_try_too_much(source, why):
    """The ways through a text double with each letter, or grow with a power of it."""
    assert backtracking(source) == why


@pytest.mark.parametrize(
    "source",
    [
        r"(?:\w+\s+)*x",
        r"(\d{3})+x",
        r"(a|ab)*c",
        r"foo.*bar.*baz",
        r"(?:one.*|two.*|six.*)(?:ten|eleven).*twelve",
        r"(?i)\b(?:one\w*|two\w*)\b.{0,40}\b(?:ten\w*|six\w*)\b.{0,40}\btwelve",
        r"\d+ \w+, \d+ \w+, \d+ \w+; \d+ \w+",
        r"a[^a]*a[^a]*a[^a]*a[^a]*a",
        r"^(?!.*one)(?!.*two)(?!.*three).*four",
        r"(?:ab|ac|ad)+x",
        r"(?:a(?:b|c)?d)+x",
        r"\w+\s+\w+",
        r".{0,40}.{0,40}x",
        r"[^\d\s]+\d+",
        r"(?i)shift\w*\b.{0,40}(to india|to vietnam)",
        r"华为.*发布.*手机",
        r"小米(?!粥|手环.*二手)",
        r"(?:[\u0900-\u0965]x|\dx)*b",
    ],
)
def test_patterns_that_are_well(source):
    """What can be split in one way only, or has an end, is taken."""
    assert backtracking(source) is None


@pytest.mark.parametrize("source", ANALYSTS)
def test_patterns_of_analysts_are_well(source):
    """Names, numbers, sums and series with their endings are written every day."""
    assert backtracking(compile_pattern(source).pattern) is None


@pytest.fixture(scope="module")
def shipped():
    """Return the patterns of the shipped watchlists, which are checked as they are read."""
    found = {}

    def noting(source):
        found[source] = backtracking(source)
        return found[source]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(companies, "backtracking", noting)
        default = default_text("watchlist.toml")
        # By a name of its own: what was parsed before in this process is remembered.
        assert parse_watchlist(default, source="checked.toml").companies
        for beat in beat_folders(Path()):
            own = beat.folder / "watchlist.toml"
            if own.is_file():
                assert parse_watchlist(own.read_text("utf-8"), default=default).companies
    return found


def test_shipped_rules_are_well(shipped):
    """Who copies a shipped watchlist and edits it is refused nothing of it."""
    assert len(shipped) > 1_400
    assert not any(shipped.values())


@pytest.mark.slow
def test_shipped_rules_are_soon_done_with_headlines_of_an_enemy(shipped):
    """None takes longer than 50 ms over a headline made by hand to keep it busy."""
    trial = random_patterns.Trial()
    headlines = [(words * LENGTH)[:LENGTH] for words in ENEMIES]

    slow = [each for source in shipped for each in trial.matches(source, headlines)]

    assert slow == []
    assert trial.longest_match > 0.001


@pytest.mark.slow
def test_random_patterns_are_refused_or_soon_done():
    """So many by chance; the script that is run here tries as many as are asked for."""
    done = subprocess.run(
        [sys.executable, random_patterns.__file__, "--seed", "suite", "--count", "60"],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    *slow, summary = map(json.loads, done.stdout.splitlines())

    assert slow == []
    assert summary["passes"] > 20
    assert summary["too many ways"] + summary["in many ways"] > 15
    assert summary["megabytes"] < random_patterns.MEGABYTES


@pytest.mark.parametrize(
    ("table", "line"),
    [
        (
            '[company.acme]\nname = "A"\naliases = [{ text = "Acme", not = \'(a+)+b\' }]',
            3,
        ),
        ("[topic.acme]\nname = \"Acme\"\nterms = ['re:(a+)+b']", 3),
        ("[credit.acme]\npattern = '(a+)+b'", 2),
        ("[topic.acme]\nname = \"Acme\"\nterms = ['re:(a|a)*b']", 3),
        ("[topic.acme]\nname = \"Acme\"\nterms = ['re:a.*b.*c.*d.*e.*f.*g']", 3),
    ],
)
def test_a_watchlist_with_one_is_refused(table, line):
    """File, line and remedy are named wherever it stands."""
    with pytest.raises(ConfigError) as refused:
        parse_watchlist(table, default=default_text("watchlist.toml"))

    assert str(refused.value).startswith(f"watchlist.toml:{line}: ")
    assert "over one headline" in str(refused.value)

"""Reading alerts.toml: what it means, and what it gets told when it is wrong."""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from itertools import chain
from pathlib import Path

import pytest
from builders import shipped_tagger, shipped_watchlist

from connectors.sinks import CHANNELS
from transforms.alerts import items_of, parse_alerts
from transforms.alerts.rules.rule import ARTICLE_KEYS, KEYS_OF_KIND, holds
from transforms.config import ConfigError
from transforms.models import Feed, Schedule, SearchFilters, SearchQuery, Updates
from transforms.models.findings import Findings
from transforms.names.rules.file import parse_watchlist
from transforms.names.tagging import tag_article

ROOT = Path(__file__).resolve().parents[2]
WATCHLIST = parse_watchlist("""
    [company.alibaba]
    name = "Alibaba"
    zh = "阿里巴巴"

    [company.aliexpress]
    name = "AliExpress"
    kind = "brand"
    parent = "alibaba"

    [company.tencent]
    name = "Tencent"

    [person.jack-ma]
    name = "Jack Ma"
    zh = "马云"
    company = "alibaba"

    [topic.policy]
    name = "Policy"

    [topic.us-export-controls]
    name = "US export controls"
    parent = "policy"
    terms = ["entity list"]

    [event.lawsuit]
    name = "Lawsuit"
    terms = ["sues"]
""")
FEEDS = [Feed(feed_id=key, url=f"https://{key}.example/") for key in ("pandaily", "yicai")]
CONSOLE = '\n[channel.console]\ntype = "console"\n'


def parse(text, **options):
    defaults = {
        "watchlist": WATCHLIST,
        "feeds": FEEDS,
        "channel_types": CHANNELS,
        "names": {"sections": tuple, "things": lambda: ("chips", "AI models")},
    }
    return parse_alerts(text, **defaults | options)


def rule(body, **options):
    """Parse one rule that goes to the console."""
    text = f'[rule.r]\n{body}\nchannels = ["console"]{CONSOLE}'
    return parse(text, **options).rules[0]


def test_rule_says_all_this():
    """Every key has its place in the rule."""
    made = rule("""
        note = "why"
        kind = "mention"
        companies = ["tencent"]
        about = true
        topics = ["lawsuit"]
        terms = ["AI"]
        people = ["jack-ma"]
        languages = ["zh"]
        feeds = ["yicai"]
        in = ["title"]
        cooldown = "90m"
        max_age = "2d"
        min_publishers = 3
    """)

    assert made.wanted.companies == {"tencent"}
    assert made.wanted.about
    assert made.wanted.topics == {"lawsuit"}
    assert made.wanted.terms == ("AI",)
    assert made.wanted.people == {"Jack Ma", "马云"}
    assert made.wanted.languages == {"zh"}
    assert made.wanted.feeds == {"yicai"}
    assert made.wanted.fields == ("title",)
    assert made.cooldown == timedelta(minutes=90)
    assert made.max_age == timedelta(days=2)
    assert made.min_publishers == 3
    assert made.channels == ("console",)


def test_rule_may_combine_conditions():
    """Alternatives and exceptions are conditions of their own, and may hold others."""
    made = rule("""
        any = [
            { companies = ["alibaba"], topics = ["lawsuit"] },
            { terms = ["AI"], none = [{ languages = ["zh"] }] },
        ]
        none = [{ feeds = ["yicai"] }]
    """).wanted

    first, second = made.any_of
    assert first.companies == {"alibaba", "aliexpress"}
    assert first.topics == {"lawsuit"}
    assert second.none_of[0].languages == {"zh"}
    assert made.none_of[0].feeds == {"yicai"}


@pytest.mark.parametrize(
    ("body", "asks"),
    [
        ('topics = ["policy"]', True),
        ('search = "all"', True),
        ('terms = ["xylophone"]\nreports = true', True),
        ('terms = ["xylophone"]', False),
        ('topics = ["policy"]\ncompanies = ["tencent"]', False),
        ('topics = ["policy"]\non_beat = true', False),
        ('topics = ["policy"]\nsearch = "beat"', False),
        ('topics = ["policy"]\nsearch = "all"', True),
        ('terms = ["xylophone"]\nnone = [{ topics = ["policy"] }]', True),
        ('any = [{ terms = ["xylophone"] }, { topics = ["policy"] }]', True),
        ('any = [{ topics = ["policy"], companies = ["tencent"] }]', False),
    ],
)
def test_which_rules_read_topics_off_the_beat(body, asks):
    """A topic without a firm; what is on the beat, or names a firm, has its topics."""
    text = f'[rule.r]\n{body}\nchannels = ["console"]{CONSOLE}'
    filters = SearchFilters(topics=("policy",))
    searches = {
        "beat": SearchQuery(filters=filters),
        "all": SearchQuery(filters=filters, on_beat=False),
    }

    assert parse(text, searches=searches).off_beat == ("r" if asks else None)


def test_group_stands_for_its_companies():
    """A list that several rules share is written once."""
    text = f"""
        [group.giants]
        companies = ["alibaba", "tencent"]
        [rule.r]
        groups = ["giants"]
        channels = ["console"]
        {CONSOLE}
    """

    assert parse(text).rules[0].wanted.companies == {"alibaba", "aliexpress", "tencent"}


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        (
            'kind = "about"\ncompanies = "tencent"',
            {"companies": {"tencent"}, "about": True},
        ),
        (
            'kind = "official"',
            {
                "companies": {"alibaba", "aliexpress", "tencent"},
                "feed_kinds": {"official", "regulator"},
            },
        ),
        (
            'kind = "official"\ncompanies = "tencent"\nfeed_kinds = "regulator"',
            {"companies": {"tencent"}, "feed_kinds": {"regulator"}},
        ),
        ('kind = "crossing"\nlanguages = "en"', {"languages": {"en"}}),
        ('kind = "burst"\ncompanies = "tencent"', {"companies": {"tencent"}}),
        ('kind = "shift"\ntopics = "lawsuit"', {"topics": {"lawsuit"}}),
        ('kind = "silence"', {"feeds": frozenset()}),
    ],
)
def test_kind_says_a_part_by_itself(body, wanted):
    """An official act is one of an official source on any company that we follow."""
    made = rule(body).wanted

    assert {key: getattr(made, key) for key in wanted} == wanted


def test_rule_says_when_and_how_often():
    """Digests, quiet hours, severity, steps of updates, and the pipeline's own silence."""
    made = rule("""
        kind = "mention"
        companies = ["tencent"]
        severity = "urgent"
        digest = ["18:00", "08:30"]
        quiet = "22:00-07:00"
        zone = "Asia/Shanghai"
        updates = { publishers = [10, 5], languages = true, companies = false }
    """)

    assert made.severity == "urgent"
    assert made.schedule == Schedule(
        digest=(time(8, 30), time(18)), quiet=(time(22), time(7)), zone="Asia/Shanghai"
    )
    assert made.updates == Updates(publishers=(5, 10), languages=True, companies=False)
    assert rule('kind = "silence"\npipeline = "1h"').pipeline == timedelta(hours=1)
    assert rule('companies = "tencent"').schedule is None


def test_rule_that_says_little_has_sensible_defaults():
    """Title and summary, three days, at once, no cooldown."""
    made = rule('terms = "AI"')

    assert made.wanted.fields == ("title", "summary")
    assert made.max_age == timedelta(hours=72)
    assert (made.cooldown, made.min_publishers) == (timedelta(0), 1)
    assert not made.wanted.about


def test_companies_bring_their_brands_unless_exact():
    """Who follows Alibaba follows AliExpress."""
    assert rule('companies = "alibaba"').wanted.companies == {"alibaba", "aliexpress"}
    assert rule('companies = "alibaba"\nexact = true').wanted.companies == {"alibaba"}


def test_topics_bring_those_below_them_unless_exact():
    """A group of topics stands for its members."""
    assert rule('topics = "policy"').wanted.topics == {"policy", "us-export-controls"}
    assert rule('topics = "policy"\nexact = true').wanted.topics == {"policy"}


@pytest.mark.parametrize("name", ["jack-ma", "Jack Ma", "马云"])
def test_person_by_id_or_any_name(name):
    """However a person is named, all names are looked for."""
    assert rule(f'people = ["{name}"]').wanted.people == {"Jack Ma", "马云"}


def test_person_of_the_shipped_watchlist():
    """Who is listed can be asked for, and is not mixed up with a longer name."""
    watchlist = shipped_watchlist()

    xiaopeng = rule('people = ["何小鹏"]', watchlist=watchlist)
    xing = rule('people = ["wang-xing"]', watchlist=watchlist)

    assert xiaopeng.wanted.people == {"He Xiaopeng", "何小鹏"}
    assert xing.wanted.namesakes == {"王兴兴", "Wang Xingxing"}


@pytest.mark.parametrize(
    ("value", "fields"),
    [
        ('"title"', ("title",)),
        ('"summary"', ("title", "summary")),
        ('"content"', ("title", "summary", "content")),
        ('["content", "title"]', ("title", "content")),
    ],
)
def test_in_names_the_deepest_field_or_lists_them(value, fields):
    """One name reaches down to that field, a list is exact."""
    assert rule(f'terms = "AI"\nin = {value}').wanted.fields == fields


LEAVING_OUT = f"""
[rule.r]
terms = ["AI"]
not_feeds = ["gone", "yicai"]
channels = ["console"]
{CONSOLE}
"""


def test_an_alternative_may_leave_feeds_out_and_no_more():
    """Of a rule that is to speak of something, so it need not say of what."""
    made = rule('terms = "AI"\nany = [{ not_feeds = "yicai" }, { languages = "zh" }]')

    assert [each.not_feeds for each in made.wanted.any_of] == [{"yicai"}, set()]


def test_a_shipped_rule_may_leave_out_a_feed_that_is_not_here():
    """Beside a list of one's own: what is not polled needs not be left out."""
    [made] = parse('extends = "default"', default=LEAVING_OUT).rules

    assert made.wanted.not_feeds == {"yicai"}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        pytest.param(
            'companies = ["alibba"]',
            "alerts.toml:2: [rule.r.companies] names the unknown company 'alibba';"
            " did you mean 'alibaba'?",
            id="company",
        ),
        pytest.param(
            'topics = ["lawsuits"]', "unknown topic or event 'lawsuits'", id="topic"
        ),
        pytest.param('people = ["Pony"]', "unknown person 'Pony'", id="person"),
        pytest.param('feeds = ["yicia"]', "did you mean 'yicai'?", id="feed"),
        pytest.param(
            'terms = ["x"]\nnot_feeds = ["yicia"]',
            "alerts.toml:3: [rule.r.not_feeds] names the unknown feed 'yicia';"
            " did you mean 'yicai'?",
            id="feed to leave out",
        ),
        pytest.param(
            'feeds = ["yicai"]\nnot_feeds = "yicai"',
            "names 'yicai', which feeds names too; name it once",
            id="feed asked for and left out",
        ),
        pytest.param('not_feeds = ["yicai"]', "has no condition", id="only left out"),
        pytest.param(
            'kind = "silence"\nnot_feeds = ["yicai"]',
            "not_feeds] is not a known key",
            id="silence of what is left out",
        ),
        pytest.param(
            'feeds = ["zzz"]', "'zzz'; choose from pandaily, yicai", id="no near name"
        ),
        pytest.param(
            'terms = ["x"]\ncompanis = []',
            ":3: [rule.r.companis] is not a known key; did you mean 'companies'?",
            id="key",
        ),
        pytest.param(
            'cooldown = "1h"', "has no condition; add one of companies", id="none"
        ),
        pytest.param('terms = ["x"]\ndigest = "1d"', "'1d' is not a time of day", id="dig"),
        pytest.param(
            'terms = ["x"]\nquiet = "22-7"', "'22' is not a time of day", id="quiet"
        ),
        pytest.param('terms = ["x"]\nquiet = "22:00"', "write two times", id="one time"),
        pytest.param(
            'terms = ["x"]\nquiet = "22:00-07:00"\nzone = "Pekin"',
            "unknown zone 'Pekin'",
            id="zone",
        ),
        pytest.param(
            'terms = ["x"]\nzone = "Asia/Shanghai"',
            "zone] has no digest or quiet to apply to; add one of these",
            id="zone alone",
        ),
        pytest.param('terms = ["x"]\nmax_age = "0h"', "is '0h'; write a time", id="no age"),
        pytest.param(
            'kind = "silence"\npipeline = "0m"', "is '0m'; write a time", id="no length"
        ),
        pytest.param(
            'terms = ["x"]\nkind = "burst"',
            "alerts.toml:2: [rule.r.terms] is not a known key",
            id="burst of terms",
        ),
        pytest.param('kind = "about"\nterms = ["x"]', "names no company", id="about"),
        pytest.param('groups = ["memory"]', "unknown group 'memory'", id="group"),
        pytest.param(
            'feed_kinds = ["officials"]', "unknown kind of feed 'officials'", id="feed kind"
        ),
        pytest.param('any = ["x"]', "any] is not a list of tables", id="any"),
        pytest.param('any = [{ in = "title" }]', "without a condition", id="empty any"),
        pytest.param(
            'any = [{ topics = ["lawsuits"] }]',
            "[rule.r.any.topics] names the unknown topic or event 'lawsuits'",
            id="any of nothing known",
        ),
        pytest.param(
            'terms = ["x"]\nnone = [{ termz = ["y"] }]',
            "did you mean 'terms'?",
            id="none of",
        ),
        pytest.param(
            'terms = ["x"]\nupdates = { publishers = [1] }',
            "updates.publishers] is [1]; write whole numbers from 2, such as [5, 10]",
            id="steps",
        ),
        pytest.param('terms = ["x"]\nupdates = 5', "is not a table", id="updates"),
        pytest.param('terms = ["x"]\nseverity = "high"', "choose one of low", id="severe"),
        pytest.param(
            'kind = "silence"\npipeline = "soon"', "is 'soon'; write a time", id="pipeline"
        ),
        pytest.param('terms = ["x"]\nkind = "shout"', "choose one of mention", id="kind"),
        pytest.param(
            'terms = ["x"]\ncooldown = "soon"', "is 'soon'; write a time", id="time"
        ),
        pytest.param('terms = ["x"]\nmax_age = 3', "write a text", id="time is a number"),
        pytest.param(
            'terms = ["x"]\nmin_publishers = 0',
            "is 0; write a whole number from 1",
            id="publishers",
        ),
        pytest.param(
            'terms = ["x"]\nmin_publishers = true',
            "is true or false; write a whole number",
            id="publishers?",
        ),
        pytest.param('terms = ["x"]\nlanguages = ["Chinese"]', 'write "zh"', id="language"),
        pytest.param('terms = ["x"]\nin = "body"', "unknown field 'body'", id="field"),
        pytest.param('terms = ["x"]\nin = []', "is empty; choose from", id="no field"),
        pytest.param('terms = ["\u200b"]', "holds nothing to find", id="invisible term"),
        pytest.param('terms = ["x"]\nexact = 1', "write true or false", id="flag"),
        pytest.param(
            'companies = ["alibaba"]\nabout = "yes"',
            "alerts.toml:3: [rule.r.about] is a text; write true or false",
            id="about is a word",
        ),
        pytest.param(
            'terms = ["x"]\nabout = true',
            "alerts.toml:3: [rule.r.about] names no company; add companies, or",
            id="about nobody",
        ),
        pytest.param(
            'terms = ["x"]\nroles = ["place"]',
            "alerts.toml:3: [rule.r.roles] needs a company; add companies, or",
            id="roles of nobody",
        ),
        pytest.param(
            'companies = ["alibaba"]\nroles = ["places"]',
            "[rule.r.roles] names the unknown role 'places'; did you mean 'place'?",
            id="role",
        ),
        pytest.param(
            'companies = ["alibaba"]\nvia = ["name"]',
            "[rule.r.via] names the unknown",
            id="via",
        ),
        pytest.param(
            'measure = { sied = "us" }',
            "alerts.toml:2: [rule.r.measure.sied] is not a known key; did you mean 'side'? "
            "Or choose from side, instrument, status, thing, target",
            id="key of a measure",
        ),
        pytest.param(
            'measure = { instrument = "export-contol" }',
            "[rule.r.measure.instrument] names the unknown instrument 'export-contol'; did "
            "you mean 'export-control'? Or choose from export-control, entity-list, tariff",
            id="instrument",
        ),
        pytest.param(
            'measure = { status = ["decided", "soon"] }',
            "[rule.r.measure.status] names the unknown status 'soon'; choose from rumoured",
            id="status",
        ),
        pytest.param(
            'measure = { thing = "potatoes" }',
            "[rule.r.measure.thing] names the unknown thing 'potatoes'; choose from AI",
            id="thing",
        ),
        pytest.param(
            'measure = { target = "tencnt" }',
            "[rule.r.measure.target] names the unknown company or side 'tencnt'; did you "
            "mean 'tencent'? Write the id of a company, or a side: cn, us, eu",
            id="target",
        ),
        pytest.param(
            'topics = ["policy"]\nmeasure = { side = [] }',
            "[rule.r.measure.side] is empty; choose from cn, us",
            id="no side",
        ),
        pytest.param(
            'measure = "us"', "[rule.r.measure] is not a table", id="measure as a text"
        ),
        pytest.param(
            'kind = "burst"\nmeasure = { side = "us" }',
            "[rule.r.measure] is not a known key",
            id="bursts of measures",
        ),
        pytest.param(
            'companies = ["alibaba"]\nupdates = { outcomes = ["denid"] }',
            "[rule.r.updates.outcomes] names the unknown outcome 'denid'; did you mean",
            id="outcome",
        ),
        pytest.param(
            'companies = ["alibaba"]\nabuot = true', "did you mean 'about'?", id="abuot"
        ),
    ],
)
def test_wrong_rule_is_told_where_and_what(body, message):
    """The message names file, line and key, and what to write."""
    with pytest.raises(ConfigError) as caught:
        rule(body)

    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(
            '[rule.r]\nterms = ["x"]\nchannels = ["cosnole"]' + CONSOLE,
            "unknown channel 'cosnole'; did you mean 'console'?",
            id="channel",
        ),
        pytest.param(
            '[rule.r]\nterms = ["x"]' + CONSOLE, "name one or more of console", id="unsaid"
        ),
        pytest.param('[rule.r]\nterms = ["x"]', "add [channel.<id>]", id="no channels"),
        pytest.param('[rules.r]\nterms = ["x"]', "did you mean 'rule'?", id="section"),
        pytest.param('extends = "mine"', 'write extends = "default"', id="extends"),
        pytest.param('extends = "default"', "has nothing to extend here", id="no default"),
        pytest.param('without = ["rule.r"]', "has nothing to take out", id="no extends"),
        pytest.param("[rule.r", "not valid TOML", id="toml"),
    ],
)
def test_wrong_file_is_told_where_and_what(text, message):
    """The file itself gets the same care as rules."""
    with pytest.raises(ConfigError) as caught:
        parse(text)

    assert message in str(caught.value)


DEFAULT = f"""
[rule.giants]
companies = ["alibaba", "unheard-of"]
channels = ["console"]

[rule.others]
companies = ["unheard-of"]
channels = ["console"]

[rule.both]
companies = ["tencent"]
topics = ["unheard-of"]
channels = ["console"]
{CONSOLE}
"""


def test_extends_adds_and_overrides_by_id():
    """The user's rules stand beside the shipped ones, and before those of their name."""
    made = parse(
        """
        extends = "default"
        [rule.giants]
        companies = ["tencent"]
        channels = ["console", "log"]
        [rule.mine]
        terms = ["AI"]
        channels = ["log"]
        [channel.log]
        type = "file"
        path = "alerts.jsonl"
        """,
        default=DEFAULT,
    )

    assert [r.rule_id for r in made.rules] == ["giants", "mine"]
    assert made.rules[0].wanted.companies == {"tencent"}
    assert sorted(made.channels) == ["console", "log"]


def test_rule_can_be_switched_off():
    """A shipped rule that is too loud goes without copying the rest."""
    text = 'extends = "default"\n[rule.giants]\nterms = ["x"]\nenabled = false\n'

    made = parse(text + 'channels = ["console"]', default=DEFAULT)

    assert made.rules == ()


SHIPPED = f"""
[group.pair]
companies = ["alibaba", "tencent"]
[rule.giants]
groups = ["pair"]
exact = true
channels = ["console", "log"]
[rule.policy]
topics = ["policy"]
channels = ["log"]
[channel.log]
type = "file"
path = "alerts.jsonl"
{CONSOLE}
"""


def extending(text):
    return parse(f'extends = "default"\n{text}', default=SHIPPED, source="a.toml")


def test_without_takes_out_rules_groups_and_channels():
    """A shipped rule goes on without them; one that loses what it is about is off."""
    assert {r.rule_id for r in extending("").rules} == {"giants", "policy"}
    assert [r.rule_id for r in extending('without = ["rule.giants"]').rules] == ["policy"]
    assert [r.rule_id for r in extending('without = ["group.pair"]').rules] == ["policy"]
    [giants] = extending('without = ["channel.log"]').rules
    assert (giants.rule_id, giants.channels) == ("giants", ("console",))


def test_own_rules_may_not_name_what_is_gone():
    """The home's own rule is refused, as ever."""
    mine = '[rule.mine]\nterms = ["x"]\nchannels = ["log"]'

    with pytest.raises(ConfigError, match=r"a.toml:5: .*unknown channel 'log'"):
        extending(f'without = ["channel.log"]\n{mine}')


def test_a_group_of_ones_own_counts_in_shipped_rules():
    """It replaces the shipped one for every rule that names it, as a channel does."""
    made = extending('[group.pair]\ncompanies = ["tencent"]')

    assert made.by_id["giants"].wanted.companies == {"tencent"}


def test_shipped_rules_fit_a_smaller_watchlist():
    """Whoever follows three companies need not write alert rules first."""
    [giants] = parse(DEFAULT, default=DEFAULT).rules

    assert giants.wanted.companies == {"alibaba", "aliexpress"}


def test_shipped_file_is_right():
    """The rules that everybody starts with name only what the watchlist holds."""
    watchlist = shipped_watchlist()
    text = (ROOT / "alerts.toml").read_text(encoding="utf-8")

    made = parse(text, watchlist=watchlist, feeds=(), default="")

    [giants] = [r for r in made.rules if r.rule_id == "giants"]
    assert {
        "alibaba",
        "tencent",
        "bytedance",
        "baidu",
        "roborock",
        "cac",
    } <= giants.wanted.companies
    assert {c.type for c in made.channels.values()} == {"console", "file"}


@pytest.mark.parametrize(
    ("title", "fires"),
    [
        ("阿里云宣布涨价", {"giants"}),
        ("蚂蚁集团收购耀才证券获批", {"giants"}),
        ("网信办发布通知", {"giants"}),
        ("阿里开始讨厌现在的自己", set()),
        ("豆包给明星指导穿搭", set()),
        ("人工智能ETF涨超2%，腾讯发布新模型", set()),
        ("大疆起诉影石创新", {"challengers"}),
        ("大疆的秋天", set()),
    ],
)
def test_shipped_rules_speak_of_acts(make_article, title, fires):
    """Essays, talk and fund advertisements are no alerts; acts of the first row are."""
    watchlist = shipped_watchlist()
    text = (ROOT / "alerts.toml").read_text(encoding="utf-8")
    rules = parse(text, watchlist=watchlist, feeds=(), default="")
    article = make_article(title=title, language="zh", is_on_beat=True)
    found = tag_article(article, shipped_tagger())
    [item] = items_of([article], {"a1": Findings(found.mentions, found.tags)}, rules)

    held = {rule.rule_id for rule in rules.index.candidates(item)}

    asked = {"giants", "challengers"}
    assert {r for r in held & asked if holds(rules.by_id[r].wanted, item)} == fires


def test_rule_says_which_mentions_count():
    """Roles and ways of naming are sets; without them what counts is what is covered."""
    said = rule('companies = "alibaba"\nroles = ["subject", "place"]\nvia = "alias"').wanted
    usual = rule('companies = "alibaba"\non_beat = true').wanted

    assert (said.roles, said.via, said.on_beat) == ({"subject", "place"}, {"alias"}, False)
    assert (usual.roles, usual.via, usual.on_beat) == (
        {"subject", "named"},
        {"alias", "person"},
        True,
    )


def test_the_table_of_the_how_to_has_every_key():
    """And no other."""
    text = (ROOT / "docs/howto/alerts.md").read_text(encoding="utf-8")
    table = text.partition("| key | meaning |")[2].partition("\n\n")[0]
    first_cells = re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE)
    shown = [key for cell in first_cells for key in re.findall(r"`(\w+)`", cell)]

    every = {*ARTICLE_KEYS, *chain(*KEYS_OF_KIND.values())}
    assert sorted(shown) == sorted(every)


@pytest.mark.parametrize("day", ["2026-12-01", '"2026-12-01"'])
def test_a_rule_may_be_muted_until_a_day(day):
    """Written as TOML writes a date, or as text."""
    text = (
        f'[rule.r]\ncompanies = ["tencent"]\nchannels = ["console"]\nmute_until = {day}\n'
    )
    [rule] = parse(text + CONSOLE).rules

    assert rule.mute_until == date(2026, 12, 1)


@pytest.mark.parametrize("day", ["3", '"tomorrow"', "2026-12-01T10:00:00Z"])
def test_what_is_no_day_mutes_nothing(day):
    """The message says how to write one."""
    text = (
        f'[rule.r]\ncompanies = ["tencent"]\nchannels = ["console"]\nmute_until = {day}\n'
    )
    with pytest.raises(ConfigError, match=r"mute_until\] is no day: .*write mute_until = "):
        parse(text + CONSOLE)


def test_measure_takes_values_lists_companies_and_sides():
    """A company brings its brands along, unless it is exact; a side is no company."""
    body = 'measure = { side = "us", thing = ["chips"], target = ["alibaba", "cn"] }'

    asked, exact = rule(body).wanted.measure, rule(body + "\nexact = true").wanted.measure

    assert (asked.sides, asked.things) == ({"us"}, {"chips"})
    assert (asked.targets, asked.target_sides) == ({"alibaba", "aliexpress"}, {"cn"})
    assert exact.targets == {"alibaba"}


def test_outcomes_are_told_unless_a_rule_says_otherwise():
    """By default all of them; an empty list switches them off."""
    plain, some, none = (
        rule(f'companies = ["alibaba"]\n{updates}').updates.outcomes
        for updates in (
            "",
            'updates = { outcomes = ["denied"] }',
            "updates = { outcomes = [] }",
        )
    )

    assert (plain, some, none) == (
        {"confirmed", "denied", "withdrawn", "overtaken"},
        {"denied"},
        frozenset(),
    )

"""Reading watchlist.toml: what it may say, and what it is told when it errs."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest
from builders import shipped_beat, shipped_watchlist

from transforms.config import ConfigError
from transforms.models import AliasRow, CompanyRow, TopicRow
from transforms.names.rules.file import parse_watchlist
from transforms.names.rules.overlay import laid_over, leave_out_lost, watchlist_over
from transforms.names.rules.watchlist import Parent, Scoring

SHIPPED = (Path(__file__).parents[2] / "watchlist.toml").read_text(encoding="utf-8")
SMALL = """
[company.acme]
name = "Acme"
zh = "顶点"
sector = "ai"
tickers = ["ACME", "9999.HK"]
aliases = [
  "Acme Cloud",
  { text = "ACM", case = "exact", default = "reject", co_alias = true },
]

[company.acme-phone]
name = "AcmePhone"
kind = "brand"
parent = "acme"

[company.acme-watch]
name = "AcmeWatch"
kind = "brand"
parent = "acme-phone"

[person.ada]
name = "Ada Lin"
zh = "林艾达"
company = "acme"
aliases = ["Lin Aida"]

[person.bo]
name = "Bo"

[topic.technology]
name = "Technology"

[topic.models]
name = "Models"
zh = "模型"
parent = "technology"
terms = ["model"]

[event.launch]
name = "Launch"
terms = ["launches"]

[prior.ai]
models = 0.7
"""


def test_rows_for_the_warehouse():
    """Companies, aliases and topics come as the rows of their tables, in order of id."""
    watchlist = parse_watchlist(SMALL)

    assert watchlist.company_rows()[0] == CompanyRow(
        company_id="acme",
        name="Acme",
        name_zh="顶点",
        kind="company",
        sector="ai",
        parent_id=None,
        tickers=("ACME", "9999.HK"),
        country="CN",
    )
    assert [row.company_id for row in watchlist.company_rows()] == [
        "acme",
        "acme-phone",
        "acme-watch",
    ]
    aliases = [row for row in watchlist.alias_rows() if row.company_id == "acme"]
    assert aliases == [
        AliasRow(company_id="acme", alias="Acme Cloud", script="latin", rule="always"),
        AliasRow(
            company_id="acme",
            alias="ACM",
            script="latin",
            rule="exact spelling; needs another name of the company",
        ),
        AliasRow(company_id="acme", alias="Acme", script="latin", rule="always"),
        AliasRow(company_id="acme", alias="顶点", script="hans", rule="always"),
        *(
            AliasRow(
                company_id="acme",
                alias=ticker,
                script="latin",
                rule="ticker: only where it is marked as one",
            )
            for ticker in ("ACME", "9999.HK")
        ),
    ]
    assert watchlist.topic_rows()[0] == TopicRow(
        topic_id="models",
        kind="topic",
        name="Models",
        name_zh="模型",
        parent_id="technology",
        boards=(),
    )
    assert [row.kind for row in watchlist.topic_rows()] == ["topic", "topic", "event"]


def test_families():
    """Descendants are brands and subsidiaries at any depth; the root is the top parent."""
    watchlist = parse_watchlist(SMALL)

    assert watchlist.descendants(["acme"]) == {"acme", "acme-phone", "acme-watch"}
    assert watchlist.descendants(["acme-watch"]) == {"acme-watch"}
    assert watchlist.root("acme-watch") == "acme"
    assert watchlist.root("acme") == "acme"
    with pytest.raises(KeyError):
        watchlist.company("nobody")


def test_people_have_all_their_names():
    """A person is found by either script and by other spellings."""
    person, other = parse_watchlist(SMALL).people

    assert other.names == ("Bo",)
    assert person.names == ("Ada Lin", "林艾达", "Lin Aida")
    assert person.company_id == "acme"


def test_a_parent_may_be_dated():
    """A link that ended is kept with its dates and is no parent of today."""
    watchlist = parse_watchlist("""
        [company.old]
        name = "Old"
        [company.new]
        name = "New"
        [company.sold]
        name = "Sold"
        parent = [{ id = "old", until = 2020-11-17 }, { id = "new", from = 2020-11-17 }]
        [company.free]
        name = "Free"
        parent = { id = "old", until = 2020-11-17 }
    """)

    day = date(2020, 11, 17)
    assert watchlist.company("sold").parents == (
        Parent(company_id="old", until=day),
        Parent(company_id="new", since=day),
    )
    assert watchlist.company("sold").parent_id == "new"
    assert watchlist.company("free").parent_id is None


def test_extends_adds_and_overrides_by_id():
    """What the file says replaces the entry of that id; the rest stays."""
    mine = """
        extends = "default"
        [scoring]
        cap = 2
        [company.acme-phone]
        name = "Telephone"
        parent = "acme"
        [company.mine]
        name = "Mine"
        aliases = [{ text = "Acme Cloud", shared = true }]
    """

    watchlist = parse_watchlist(mine, default=SMALL)

    assert [c.name for c in watchlist.companies] == [
        "Acme",
        "Telephone",
        "AcmeWatch",
        "Mine",
    ]
    assert watchlist.scoring == Scoring(cap=2)
    assert len(watchlist.topics) == 3


def test_an_overriding_entry_stands_whole():
    """What it does not say it does not have: nothing comes from the entry below it."""
    mine = 'extends = "default"\n[company.acme-phone]\nname = "Telephone"'

    (phone,) = (
        c
        for c in parse_watchlist(mine, default=SMALL).companies
        if c.company_id == "acme-phone"
    )

    assert phone == parse_watchlist(mine.partition("\n")[2]).companies[0]


FAMILY = """
    [company.acme]
    name = "Acme"
    sector = "phones"
    [company.acme-phone]
    name = "AcmePhone"
    parent = "acme"
    [company.old]
    name = "Old"
    sector = "phones"
    parent = [{ id = "acme", until = 2020-11-17 }, "acme-phone"]
    [person.ann]
    name = "Ann Acme"
    company = "acme"
    [topic.policy]
    name = "Policy"
    [topic.controls]
    name = "Controls"
    parent = "policy"
    [event.fine]
    name = "Fine"
    [prior.acme]
    controls = 0.5
    [prior.phones]
    controls = 0.5
    policy = 0.25
    [macro.M]
    pattern = "m"
    [credit.agency]
    pattern = "c"
"""


def extending(*gone, more=""):
    """Return what a file makes of FAMILY that extends it and leaves *gone* out."""
    text = f'extends = "default"\nwithout = {list(gone)}\n{more}'.replace("'", '"')
    return parse_watchlist(text, source="w.toml", default=FAMILY)


def test_without_takes_out_what_the_shipped_one_has():
    """Entries of any section go, and the others stay as they are."""
    full = parse_watchlist(FAMILY)

    made = extending("event.fine", "macro.M", "credit.agency", "prior.phones")

    assert made.companies == full.companies
    assert {t.topic_id for t in made.topics} == {"policy", "controls"}
    assert (made.macros, made.credit_lines) == ({}, ())
    assert made.priors == {"acme": {"controls": 0.5}}
    assert made.rules_version != full.rules_version
    assert extending() == full


def test_without_lets_shipped_entries_forget_what_is_gone():
    """A later release may add more that refers to it, and the home must go on."""
    made = extending("company.acme", "topic.policy")

    phone, old = made.companies
    assert (phone.parents, [p.company_id for p in old.parents]) == ((), ["acme-phone"])
    assert made.people[0].company_id == ""
    assert [(t.topic_id, t.parent_id) for t in made.topics if t.kind == "topic"] == [
        ("controls", None)
    ]
    assert made.priors == {"phones": {"controls": 0.5}}


def test_what_is_taken_out_can_be_defined_anew():
    """Shipped entries then refer to the home's own."""
    made = extending("company.acme", more='[company.acme]\nname = "New Acme"')

    assert made.company("acme").name == "New Acme"
    assert made.company("acme-phone").parent_id == "acme"
    assert made.people[0].company_id == "acme"


def test_own_entries_may_not_refer_to_what_is_gone():
    """Only the shipped ones cannot know."""
    with pytest.raises(ConfigError, match=r"w.toml:5: .*names 'acme', which does not"):
        extending("company.acme", more='[company.x]\nname = "X"\nparent = "acme"')


def test_without_extends_it_replaces():
    """A file of its own has nothing of the shipped one but the numbers of scoring."""
    watchlist = parse_watchlist('[company.mine]\nname = "Mine"', default=SMALL)

    assert [c.company_id for c in watchlist.companies] == ["mine"]
    assert watchlist.topics == ()
    assert watchlist.scoring == Scoring()


def test_rules_version_hangs_on_the_meaning_only():
    """Another order is the same version, another term is not."""
    head, *sections = SMALL.split("\n[")
    turned = head + "".join(f"\n[{section}\n" for section in reversed(sections))

    version = parse_watchlist(SMALL).rules_version

    assert version.startswith("w")
    assert len(version) == 11
    assert parse_watchlist(turned).rules_version == version
    assert parse_watchlist(SMALL.replace('"model"', '"models"')).rules_version != version
    assert parse_watchlist(f"{SMALL}\n# a remark").rules_version == version
    tried = SMALL.replace(
        '"ACM", ', '"ACM", examples = ["ACM"], sense = "a", common = true, '
    )
    assert parse_watchlist(tried).rules_version == version
    stricter = SMALL.replace('"ACM", ', '"ACM", not = "ACM show", ')
    assert parse_watchlist(stricter).rules_version != version


def test_the_name_yields_to_an_alias_with_a_rule():
    """A table with the name's own text says when the name counts."""
    (company,) = parse_watchlist("""
        [company.honor]
        name = "Honor"
        aliases = [{ text = "Honor", case = "exact", not = "Medal of Honor" }]
    """).companies

    (alias,) = company.aliases
    assert alias.exact
    assert alias.rule == "exact spelling; not with Medal of Honor"


def test_an_alias_that_needs_what_it_has_not():
    """Rejected by default and without context, a name is only shown."""
    (company,) = parse_watchlist("""
        [company.canaan]
        name = "Canaan"
        aliases = [{ text = "Canaan", default = "reject" }]
    """).companies

    assert company.aliases[0].rule == "never by itself"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(
            '[company.a]\nname = "A"\nalias = ["B"]',
            "w.toml:3: [company.a.alias] is not a known key; did you mean 'aliases'?",
            id="unknown key",
        ),
        pytest.param(
            '[compny.a]\nname = "A"',
            "w.toml:1: [compny] is not a known key; did you mean 'company'?",
            id="unknown section",
        ),
        pytest.param(
            '[company.a]\nzh = "甲"',
            'w.toml:1: [company.a.name] is missing; add name = "…"',
            id="no name",
        ),
        pytest.param(
            '[company.a]\nname = "A"\nparent = "bb"\n[company.bbb]\nname = "B"',
            "w.toml:3: [company.a.parent] names 'bb', which does not exist; "
            "did you mean 'bbb'?",
            id="unknown parent",
        ),
        pytest.param(
            '[company.a]\nname = "A"\nparent = "zzz"',
            "w.toml:3: [company.a.parent] names 'zzz', which does not exist; "
            "add [company.zzz] or correct it",
            id="unknown parent without a near one",
        ),
        pytest.param(
            '[company.a]\nname = "A"\nparent = "b"\n[company.b]\nname = "B"\nparent = "a"',
            "w.toml:3: [company.a.parent] goes round in a circle: a → b → a; "
            "take one of these parents out",
            id="circle of parents",
        ),
        pytest.param(
            '[topic.a]\nname = "A"\nparent = "a"',
            "w.toml:3: [topic.a.parent] goes round in a circle: a → a; "
            "take one of these parents out",
            id="own parent",
        ),
        pytest.param(
            '[event.a]\nname = "A"\nparent = "b"\n[topic.b]\nname = "B"',
            "w.toml:3: [event.a.parent] names 'b', which does not exist; "
            "add [event.b] or correct it",
            id="parent of another kind",
        ),
        pytest.param(
            '[company.a]\nname = "A"\naliases = ["Same"]\n'
            '[company.b]\nname = "B"\naliases = ["same"]',
            "w.toml:6: [company.b.aliases] alias 'same' belongs to 'a' and 'b'; "
            'write { text = "same", shared = true } for both, or remove it from one',
            id="two owners",
        ),
        pytest.param(
            '[company.a]\nname = "A"\ntickers = ["X"]\n'
            '[company.b]\nname = "B"\ntickers = ["X"]',
            "alias 'X' belongs to 'a' and 'b'",
            id="a ticker of two",
        ),
        pytest.param(
            '[company.a]\nname = "A"\nkind = "firm"',
            "w.toml:3: [company.a.kind] is 'firm'; choose one of company, brand,",
            id="unknown kind",
        ),
        pytest.param(
            '[company.a]\nname = "A"\naliases = [{ text = "B", not = "(" }]',
            "w.toml:3: [company.a.aliases.not] pattern '(' is not valid:",
            id="broken pattern",
        ),
        pytest.param(
            '[company.a]\nname = "A"\naliases = [{ text = "B", default = "never" }]',
            "w.toml:3: [company.a.aliases.default] is 'never'; choose one of accept,",
            id="unknown default",
        ),
        pytest.param(
            '[company.a]\nname = "A"\naliases = "B"',
            "w.toml:3: [company.a.aliases] is not a list",
            id="aliases not a list",
        ),
        pytest.param(
            '[company.a]\nname = "A"\naliases = [3]',
            "w.toml:3: [company.a.aliases] holds 3; write a text or a table",
            id="alias of the wrong kind",
        ),
        pytest.param(
            '[company.a]\nname = "A"\naliases = ["\\u200b"]',
            "which is invisible; remove it",
            id="invisible alias",
        ),
        pytest.param(
            '[company.a]\nname = "A"\naliases = [{ text = "B", shared = "yes" }]',
            "[company.a.aliases.shared] is a text; write true or false",
            id="flag of the wrong kind",
        ),
        pytest.param(
            '[company.a]\nname = "A"\nparent = 3',
            "w.toml:3: [company.a.parent] is 3; write the id, or",
            id="parent of the wrong kind",
        ),
        pytest.param(
            '[company.a]\nname = "A"\nparent = { id = "a", until = "2020" }',
            "is '2020'; write a day, 2020-12-31, without quotes",
            id="day in quotes",
        ),
        pytest.param(
            '[company.a]\nname = ["A"]',
            "w.toml:2: [company.a.name] is a list; write a text in quotes",
            id="name of the wrong kind",
        ),
        pytest.param(
            '[company.a]\nname = "A"\ntickers = [1]',
            "w.toml:3: [company.a.tickers] is a list; write a list of texts",
            id="tickers of the wrong kind",
        ),
        pytest.param(
            '[topic.a]\nname = "A"\nterms = [" "]',
            "w.toml:3: [topic.a.terms] holds an empty text; remove it",
            id="empty term",
        ),
        pytest.param(
            '[topic.a]\nname = "A"\nterms = ["re:["]',
            "w.toml:3: [topic.a.terms] pattern '[' is not valid:",
            id="broken term",
        ),
        pytest.param(
            '[topic.a]\nname = "A"\nthreshold = true',
            "w.toml:3: [topic.a.threshold] is true or false; write a number",
            id="threshold of the wrong kind",
        ),
        pytest.param(
            '[macro.A]\npattern = "("',
            "w.toml:2: [macro.A.pattern] pattern '(' is not valid:",
            id="broken macro",
        ),
        pytest.param(
            "[scoring]\ncap = 1.5",
            "w.toml:2: [scoring.cap] is 1.5; write a whole number, 1 or more",
            id="half a topic",
        ),
        pytest.param("scoring = 3", "w.toml:1: [scoring] is not a table", id="scoring"),
        pytest.param("company = 3", "w.toml:1: [company] is 3", id="section not a table"),
        pytest.param(
            "[company]\na = 3",
            "w.toml:2: [company.a] is 3; write [company.a]",
            id="entry not a table",
        ),
        pytest.param(
            '[prior.x]\na = 1\n[topic.a]\nname = "A"',
            "w.toml:2: [prior.x.a] names 'x', which does not exist",
            id="prior of nobody",
        ),
        pytest.param(
            '[company.x]\nname = "X"\n[prior.x]\na = 1',
            "w.toml:4: [prior.x.a] names 'a', which does not exist",
            id="prior for nothing",
        ),
        pytest.param(
            '[person.p]\nname = "P"\ncompany = "x"',
            "w.toml:3: [person.p.company] names 'x', which does not exist",
            id="person of no company",
        ),
        pytest.param(
            'extends = "base"',
            "w.toml:1: [extends] is 'base'; write extends = \"default\" or leave it out",
            id="extends something else",
        ),
        pytest.param(
            'extends = "default"',
            "w.toml:1: [extends] has nothing to extend here",
            id="nothing to extend",
        ),
        pytest.param(
            'without = ["company.x"]',
            'w.toml:1: [without] has nothing to take out; write extends = "default" '
            "above it, or remove it",
            id="without what it extends",
        ),
    ],
)
def test_a_mistake_is_placed_and_has_a_remedy(text, message):
    """Every mistake names the file, the line, the key and what to do."""
    with pytest.raises(ConfigError) as caught:
        parse_watchlist(text, source="w.toml")

    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("gone", "message"),
    [
        pytest.param('"company.acne"', "did you mean 'company.acme'?", id="misspelt"),
        pytest.param(
            '\n"scoring.cap"', "w.toml:3: [without] names 'scoring.cap'", id="key"
        ),
        pytest.param('"zzz"', "which the shipped file does not have; remove it", id="none"),
        pytest.param("7", "w.toml:2: [without] is a list; write a list of texts", id="7"),
    ],
)
def test_without_names_only_what_there_is(gone, message):
    """An entry that the shipped file does not have is named, with the nearest."""
    text = f'extends = "default"\nwithout = [{gone}]'

    with pytest.raises(ConfigError) as caught:
        parse_watchlist(text, source="w.toml", default=FAMILY)

    assert message in str(caught.value)


def test_a_mistake_in_the_shipped_part_is_placed_there():
    """An override that breaks the shipped file's links says where they stand."""
    base = '[company.a]\nname = "A"\nparent = "b"\n[company.b]\nname = "B"'
    mine = 'extends = "default"\n[company.b]\nname = "B"\nparent = "a"'

    with pytest.raises(ConfigError, match=r"shipped watchlist.toml:3: .*circle"):
        parse_watchlist(mine, source="w.toml", default=base)


def test_an_added_company_may_not_take_an_alias_in_silence():
    """Sharing an alias of the shipped file must be said, in the file that does it."""
    mine = 'extends = "default"\n[company.mine]\nname = "Mine"\naliases = ["Acme Cloud"]'

    with pytest.raises(ConfigError, match=r"w.toml:4: .*'acme' and 'mine'"):
        parse_watchlist(mine, source="w.toml", default=SMALL)


def test_exact_spellings_of_two_owners_may_differ():
    """Two companies may own a word, if its case tells them apart."""
    watchlist = parse_watchlist("""
        [company.a]
        name = "Alpha"
        aliases = [{ text = "AB", case = "exact" }]
        [company.b]
        name = "Beta"
        aliases = [{ text = "ab", case = "exact" }]
    """)

    assert len(watchlist.companies) == 2


def test_the_shipped_watchlist_is_whole():
    """It reads without a mistake and holds what the product promises."""
    watchlist = shipped_watchlist()

    kinds = [topic.kind for topic in watchlist.topics]
    ruled = [
        a for a in watchlist.aliases if a.context or a.excludes or a.default == "reject"
    ]
    assert len(watchlist.companies) == 446
    assert kinds.count("topic") == 5 + 53
    assert kinds.count("event") == 19
    assert len(watchlist.people) == 78
    assert len(ruled) >= 270
    assert watchlist.root("taobao-tmall") == "alibaba"
    assert {"tiktok", "douyin", "lark"} <= watchlist.descendants(["bytedance"])
    assert watchlist.company("ant-group").parents[0].since == date(2019, 9, 23)
    assert watchlist.company("honor").parent_id is None


def test_the_shipped_watchlist_extends_itself():
    """A home that only says extends has the shipped rules, version and all."""
    rules = shipped_beat().rules
    again = parse_watchlist('extends = "default"', default=SHIPPED, rules=rules)

    assert again == shipped_watchlist()


def boards_of(text, **options):
    return {t.topic_id: t.boards for t in parse_watchlist(text, **options).topics}


SHIPPED_BOARDS = """
[topic.chips]
name = "Chips"
boards = ["policy-china", "crackdown"]
[event.fine]
name = "Fine"
boards = ["money"]
"""


def test_topics_stand_on_boards():
    """In order and each once; on none where none is named."""
    text = SHIPPED_BOARDS + '[topic.cars]\nname = "Cars"\nboards = ["policy", "policy"]\n'

    assert boards_of(text) == {
        "chips": ("crackdown", "policy-china"),
        "cars": ("policy",),
        "fine": ("money",),
    }
    assert [row.boards for row in parse_watchlist(SMALL).topic_rows()] == [(), (), ()]


@pytest.mark.parametrize("head", ['extends = "default"\n', ""], ids=["extends", "alone"])
def test_a_topic_that_is_added_to_keeps_the_shipped_boards(head):
    """One that is written whole has the boards that it names, and no others."""
    text = head + '[topic.chips]\nextends = "default"\nname = "C"\n'
    text += '[event.fine]\nname = "F"\n'

    assert boards_of(text, default=SHIPPED_BOARDS) == {
        "chips": ("crackdown", "policy-china"),
        "fine": (),
    }


@pytest.mark.parametrize(
    ("section", "board", "remedy"),
    [
        ("topic", "crackdwon", "did you mean 'crackdown'?"),
        ("event", "theme-research", "the boards of events are crackdown, money, policy,"),
    ],
)
def test_a_board_that_there_is_not(section, board, remedy):
    """The message has the line, and the board that was meant or those there are."""
    text = f'[{section}.x]\nname = "X"\nboards = ["{board}"]\n'

    with pytest.raises(ConfigError) as caught:
        parse_watchlist(text, source="w.toml")

    assert str(caught.value).startswith(f"w.toml:3: [{section}.x.boards] names '{board}'")
    assert remedy in str(caught.value)


@pytest.mark.parametrize(
    ("section", "problem"),
    [
        (
            "topic",
            "[topic.x.sides] names 'china', which is not a side; the sides are cn, us",
        ),
        ("event", "[event.x.sides] is of topics; remove it"),
    ],
)
def test_a_side_that_there_is_not(section, problem):
    """The message has those that there are; acts of events are anybody's."""
    text = f'[{section}.x]\nname = "X"\nsides = ["china"]\n'

    with pytest.raises(ConfigError, match=re.escape(problem)):
        parse_watchlist(text, source="w.toml")


def test_boards_are_part_of_the_version():
    """So the topics of a warehouse follow when a board is all that changed."""
    other = SHIPPED_BOARDS.replace('"money"', '"policy"')

    versions = {parse_watchlist(text).rules_version for text in (SHIPPED_BOARDS, other)}

    assert len(versions) == 2


@pytest.mark.parametrize(
    ("written", "country", "is_home"),
    [
        ("", "CN", True),
        ('kind = "foreign_company"', "", False),
        ('kind = "foreign_company"\ncountry = "US"', "US", False),
        ('country = "HK"', "HK", True),
        ('country = "AE"', "AE", False),
    ],
)
def test_where_a_company_is_at_home(written, country, is_home):
    """In China unless it says otherwise; what is foreign need not say where."""
    company = parse_watchlist(f'[company.x]\nname = "X"\n{written}').company("x")

    assert (company.country, company.is_home) == (country, is_home)


ELSEWHERE = """
[home]
abroad = ["CN"]
sectors = ["semiconductor"]
companies = ["also"]
[company.maker]
name = "Maker"
kind = "foreign_company"
sector = "semiconductor"
country = "US"
[company.domestic]
name = "Domestic"
sector = "semiconductor"
[company.shop]
name = "Shop"
country = "US"
[company.also]
name = "Also"
country = "KR"
"""


def test_another_beat_has_another_home():
    """A watchlist says who is at home by country and sector, and a company for itself."""
    watchlist = parse_watchlist(ELSEWHERE)

    at_home = {c.company_id for c in watchlist.companies if c.is_home}
    stored = {row.company_id: row.kind for row in watchlist.company_rows()}

    assert at_home == {"maker", "also"}
    assert stored == {
        "maker": "company",
        "also": "company",
        "domestic": "foreign_company",
        "shop": "foreign_company",
    }


def test_the_home_is_part_of_the_version():
    """So what is stored follows when the home is all that changed."""
    other = ELSEWHERE.replace('abroad = ["CN"]', 'abroad = ["CN", "US"]')

    versions = {parse_watchlist(text).rules_version for text in (ELSEWHERE, other)}

    assert len(versions) == 2


def test_a_home_is_extended_and_replaced():
    """A file that extends another keeps its home, or says its own."""
    kept = parse_watchlist('extends = "default"', default=ELSEWHERE)
    other = parse_watchlist(
        'extends = "default"\n[home]\ncountries = ["CN"]', default=ELSEWHERE
    )

    assert kept.company("maker").is_home
    assert not other.company("maker").is_home
    assert other.company("domestic").is_home


def test_only_named_companies_are_at_home_where_nothing_else_is_said():
    """And one that does not exist is refused."""
    named = parse_watchlist(
        'extends = "default"\n[home]\ncompanies = ["shop"]', default=ELSEWHERE
    )

    assert [c.company_id for c in named.companies if c.is_home] == ["shop"]
    with pytest.raises(ConfigError, match=r"names 'shoop'.*shop"):
        parse_watchlist(
            'extends = "default"\n[home]\ncompanies = ["shoop"]', default=ELSEWHERE
        )


def test_a_home_is_a_table():
    """A wrong key or type is refused with its place."""
    with pytest.raises(ConfigError, match=r"home"):
        parse_watchlist('home = "CN"')
    with pytest.raises(ConfigError, match=r"country"):
        parse_watchlist('[home]\ncountry = ["CN"]')


def test_a_country_is_a_code():
    """A name is refused with the place and an example."""
    with pytest.raises(ConfigError, match=r"country\] is .China.; write two letters"):
        parse_watchlist('[company.x]\nname = "X"\ncountry = "China"')


def test_what_a_home_takes_out_leaves_no_trace_below():
    """Who is at home, and the owner of an entry that the home only adds a name to."""
    below = """
    [home]
    companies = ["acme", "gale"]
    [company.acme]
    name = "Acme"
    [company.gale]
    name = "Gale"
    parent = "acme"
    """
    own = """
    extends = "default"
    without = ["company.acme"]
    [company.gale]
    extends = "default"
    aliases = ["Galewerk"]
    """

    watchlist = parse_watchlist(own, default=below)

    assert watchlist.home.companies == ("gale",)
    assert not watchlist.company("gale").parents
    with pytest.raises(ConfigError, match=r"\[company.gale.parent\] names 'acme'"):
        parse_watchlist(
            own.replace("aliases", 'parent = "acme"\n    aliases'), default=below
        )


def test_what_was_taken_out_leaves_no_reference():
    """Not as a parent, with a date or without, nor in a list; what the file says stays."""
    merged = {
        "company": {"a": {"parent": {"id": "gone"}}, "b": {"parent": "gone"},
                    "c": {"parent": {"id": "a"}}, "d": {"parent": "a", "sector": "ai"}},
        "person": {"p": {"company": "gone"}, "q": {"company": "a"}},
        "event": {"e": {"parent": "gone"}, "f": {"parent": "e"}},
        "topic": {"t": {"boards": ["theme-gone", "theme-on", "policy"]},
                  "u": {"parent": "gone"}},
        "home": {"companies": ["a", "gone", "own"]},
        "prior": {"gone": {"t": 1}, "ai": {"t": 1, "gone": 2}, "e": {"own": 1, "gone": 2}},
    }  # fmt: skip

    own = {"home": {"companies": ["own"]}, "prior": {"e": {"own": 1}}}
    leave_out_lost(merged, own, {"theme-on"})

    assert merged == {
        "company": {"a": {}, "b": {}, "c": {"parent": {"id": "a"}},
                    "d": {"parent": "a", "sector": "ai"}},
        "person": {"p": {}, "q": {"company": "a"}},
        "event": {"e": {}, "f": {"parent": "e"}},
        "topic": {"t": {"boards": ["theme-on", "policy"]}, "u": {}},
        "home": {"companies": ["a", "own"]},
        "prior": {"ai": {"t": 1}, "e": {"own": 1}},
    }  # fmt: skip


LAID_BELOW = """
listed = ["a"]
[home]
kinds = ["x"]
abroad = ["z"]
[company.acme]
name = "Acme"
tags = ["a"]
aliases = ["Acme", { text = "ACM", case = "exact", not = ["q"] }]
[company.gone]
name = "Gone"
[company.other]
name = "Other"
sector = "ai"
"""
LAID_OVER = """
extends = "default"
without = ["company.gone"]
[home]
kinds = ["y"]
[company.acme]
extends = "default"
sector = "ev"
tags = ["b", "a"]
aliases = ["acme", { text = "ACM", not = ["z", "q"] }, "New"]
[company.other]
name = "Own"
[company.fresh]
name = "Fresh"
"""
LAID = {
    "listed": ["a"],
    "home": {"kinds": ["y"], "abroad": ["z"]},
    "company": {
        "acme": {
            "name": "Acme",
            "tags": ["a", "b"],
            "aliases": [
                "Acme",
                {"text": "ACM", "case": "exact", "not": ["q", "z"]},
                "New",
            ],
            "sector": "ev",
        },
        "other": {"name": "Own"},
        "fresh": {"name": "Fresh"},
    },
}


def test_a_file_is_laid_over_another():
    """What an entry that extends lists is added once; any other entry replaces."""
    own = tomllib.loads(laid_over(LAID_OVER, LAID_BELOW, "own.toml"))

    assert own == LAID
    assert laid_over("[home]\n", LAID_BELOW, "own.toml") == "[home]\n"


@pytest.mark.parametrize(
    ("extends", "home"),
    [
        ("", {"kinds": ["y"]}),
        ('extends = "default"\n', {"kinds": ["x", "y"], "abroad": ["z"]}),
    ],
)
def test_who_is_at_home_is_said_as_a_whole_unless_it_extends(extends, home):
    """A watchlist's own home is that of no other, but where it says that it adds."""
    text = LAID_OVER.replace("[home]\n", f"[home]\n{extends}")

    assert tomllib.loads(watchlist_over(text, LAID_BELOW, "own.toml", ()))["home"] == home

"""Telling what an article is about."""

from __future__ import annotations

import pytest
from builders import shipped_beat
from hypothesis import assume, given
from hypothesis import strategies as st

from transforms.models import Tag
from transforms.names.match.aliases import compile_mentions
from transforms.names.match.document import read_document
from transforms.names.match.topic_rules import compile_topics
from transforms.names.match.topics import tags_in, weigh
from transforms.names.rules.file import parse_watchlist
from transforms.names.rules.literals import (
    anywhere,
    branches,
    other_literals,
    required_literals,
)
from transforms.names.rules.patterns import compile_pattern, pattern_set
from transforms.names.tagging import mentions_in

WATCHLIST = parse_watchlist(r"""
[company.maker]
name = "Maker"
sector = "ev"

[company.other]
name = "Other"
sector = "ev"

[topic.cars]
name = "Cars"
terms = ["electric car", "SUV", "汽车", "AI汽车"]
weak = ["car", "交付"]
not = ["re:(?i)car (crash|bomb)", "汽车人"]

[topic.chips]
name = "Chips"
terms = ["chip", "GPUs", 're:(?i)\$\d+bn fab', "芯片"]
weak = ["nm"]

[topic.money]
name = "Money"
terms = ["loan", "bond", "bank", "fund", "credit", "debt"]

[topic.war]
name = "War"
terms = ["war", 're:\d{7}']
threshold = 0.5

[event.launch]
name = "Launch"
terms = ["launches", "发布"]
not = ["re:(?i)launches? pad"]

[event.fire]
name = "Fire"
terms = ["fire"]
threshold = 1.0

[prior.ev]
cars = 1.0
money = 0.25

[prior.other]
money = 0.75
""")
# Ignoring case, "i" matches these, too; no headline has them.
LETTERS = st.characters(exclude_characters="ıİſ\u212a")
MATCHER = compile_topics(WATCHLIST)
MENTIONS = compile_mentions(WATCHLIST, shipped_beat().roles)


def named(*company_ids):
    """Return companies that a text names in some way."""
    return dict.fromkeys(company_ids, ())


def scores(title, summary="", *, companies=()):
    """Return the kept topics and event types with their scores."""
    found = weigh(read_document(title, summary), named(*companies), MATCHER)
    return {w.topic.topic_id: round(w.score, 3) for w in found if w.fate == "kept"}


@pytest.mark.parametrize(
    ("title", "summary", "expected"),
    [
        pytest.param("An Electric Car", "", {"cars": 1.5}, id="any case, distinct terms"),
        pytest.param("A chip, a chip", "chip", {"chips": 1.0}, id="a term counts once"),
        pytest.param("Chipmunk chips", "", {}, id="whole words, plural or not"),
        pytest.param("New suv", "", {}, id="an abbreviation as it is"),
        pytest.param("New SUV", "", {"cars": 1.0}, id="an abbreviation"),
        pytest.param("many gpus", "", {}, id="a plural abbreviation as it is"),
        pytest.param("many GPUs", "", {"chips": 1.0}, id="a plural abbreviation"),
        pytest.param("", "a chip", {}, id="a summary is worth less"),
        pytest.param("", "chip GPUs", {"chips": 1.2}, id="two terms in a summary"),
        pytest.param("新汽车", "", {"cars": 1.0}, id="Chinese stands anywhere"),
        pytest.param("新汽車", "", {"cars": 1.0}, id="Traditional"),
        pytest.param("AI汽车", "", {"cars": 2.0}, id="mixed scripts"),
        pytest.param("ai汽车", "", {"cars": 1.0}, id="mixed scripts keep their case"),
        pytest.param("car 交付", "", {"cars": 1.0}, id="two weak terms"),
        pytest.param("electric car crash", "", {}, id="what speaks against it"),
        pytest.param("汽车", "汽车人", {}, id="against it wherever it stands"),
        pytest.param("A $3bn fab", "", {"chips": 1.0}, id="a pattern"),
        pytest.param("3bn fabs", "", {}, id="a pattern that does not match"),
        pytest.param("1234567", "", {"war": 1.0}, id="a pattern without a letter"),
        pytest.param("", "war", {"war": 0.6}, id="a threshold of its own"),
        pytest.param("It launches", "", {"launch": 1.0}, id="an event in the title"),
        pytest.param("", "它发布", {}, id="a summary alone tells no event"),
        pytest.param("It fires", "它发布", {}, id="nor does it under another title"),
        pytest.param("From a launch pad it launches pads", "", {}, id="against an event"),
        pytest.param("", "fire", {}, id="an event below its threshold"),
        pytest.param("", "", {}, id="nothing"),
    ],
)
def test_terms(title, summary, expected):
    """Distinct terms add up, title before summary, against a threshold."""
    assert scores(title, summary) == expected


def test_far_below_the_best():
    """A topic below a third of the best one is only touched upon."""
    found = weigh(read_document("loan bond bank fund credit debt chip"), {}, MATCHER)

    assert [(w.topic.topic_id, w.fate) for w in found] == [
        ("money", "kept"),
        ("chips", "far_below_best"),
    ]


def test_priors():
    """A company makes its sector's topics likely; its own prior overrides, none adds."""
    assert scores("Maker", companies=["maker"]) == {"cars": 1.0}
    assert scores("chip", companies=["maker", "other"]) == {
        "cars": 1.0,
        "chips": 1.0,
    }
    assert scores("x", companies=["other", "maker"]) == {"cars": 1.0}
    (cars, money, *_) = weigh(read_document("x"), named("other", "maker"), MATCHER)
    assert (money.score, money.reasons[0].term) == (0.75, "company:other")
    (cars, money, *_) = weigh(read_document("x"), named("maker", "other"), MATCHER)
    assert cars.score == 1.0
    assert (money.score, money.reasons[0].term) == (0.75, "company:other")


def test_tags_name_their_heaviest_term():
    """A tag says which term, or which company, spoke loudest for it."""
    document = read_document("Maker car launches", "electric car fires")

    tags = tags_in(document, mentions_in(document, MENTIONS), MATCHER, "a1")

    version = WATCHLIST.rules_version
    assert tags == [
        Tag(
            article_id="a1",
            topic_id="cars",
            kind="topic",
            term="company:maker",
            score=2.1,
            rules_version=version,
        ),
        Tag(
            article_id="a1",
            topic_id="launch",
            kind="event",
            term="launches",
            score=1.0,
            rules_version=version,
        ),
    ]


def test_a_company_only_in_the_full_text_makes_nothing_likely():
    """Topics are those of title and summary, so are the companies that hint at them."""
    document = read_document("News", "", "Maker builds an electric car.")

    mentions = mentions_in(document, MENTIONS)

    assert [m.field for m in mentions] == ["content"]
    assert tags_in(document, mentions, MATCHER) == []


def test_cap():
    """An article has four topics at most, a full text eight."""
    topics = "".join(
        f'[topic.t{n}]\nname = "T{n}"\nterms = ["word{n}"]\n' for n in range(10)
    )
    matcher = compile_topics(parse_watchlist(topics))
    words = " ".join(f"word{n}" for n in range(10))

    short = weigh(read_document(words), {}, matcher)
    long = weigh(read_document(f"{words} {'filler ' * 90}"), {}, matcher)

    assert [w.topic.topic_id for w in short if w.fate == "kept"] == ["t0", "t1", "t2", "t3"]
    assert [w.fate for w in short].count("beyond_cap") == 6
    assert [w.fate for w in long].count("kept") == 8


def test_in_a_tie_the_text_goes_before_the_company():
    """What the text says outweighs what a company only makes likely."""
    found = weigh(read_document("chip"), named("maker"), MATCHER)

    assert [w.topic.topic_id for w in found][:2] == ["chips", "cars"]


@pytest.mark.parametrize(
    ("pattern", "literals"),
    [
        ("(?i)air india", {"air india"}),
        (r"\b5G\b.{0,30}(Launch|India)", {"launch", "india"}),
        ("chips?", {"chip"}),
        ("fo+d", {"fo"}),
        ("(?i)(shift|move)s?.{0,40}(out of china|to india)", {"out of china", "to india"}),
        ("colou?r", {"color", "colour"}),
        (r"\bE\.?U\b", {"\be.u", "\beu"}),
        ("chips? maker", {"chip maker", "chips maker"}),
        ("(the )?(a )?b?", set()),
        (r"\$[\d.]+ ?(m|bn)", {"$"}),
        ("[ab]c", {"c"}),
        ("[]a]cd", {"cd"}),
        ("(?:ab|cd)+", {"ab", "cd"}),
        ("(?P<x>ab)c", {"abc"}),
        ("(?<!x)ab(?=c)", {"ab"}),
        ("^ab$", {"ab"}),
        ("(ab){2}c", {"abc"}),
        ("(abc){0,2}d", {"d"}),
        ("a{,3}b", {"b"}),
        ("ab*?c", {"a"}),
        (r"a\.b", {"a.b"}),
        ("车型|汽车", {"车型", "汽车"}),
        ("5G (phone|series)", {"5g phone", "5g series"}),
        ("(round|raise) at", {"round at", "raise at"}),
        ("(ab|c)(d|ef)+g", {"dg", "efg"}),
        ("a(bc)+de", {"bcde"}),
        (r"\d+w\b", {f"{n}w" for n in range(10)}),
        (r"\bv\d", {f"\bv{n}" for n in range(10)}),
        (r"(?i)\b(EU|europe\w*)\b", {"\beu", "\beurope"}),
        (r"\b(?:EU|x(\b(a|b)))c", {"\beuc", "\bxac", "\bxbc"}),
        (r"a?\bcd", {"cd"}),
        (r"a\b(cd|e)", {"acd", "ae"}),
        (r"\b\$5", {"$5"}),
        (r"(\bab)+c", {"\bab"}),
        ("(AI|模型).{0,9}(立法|备案)", {"立法", "备案"}),
        ("(a1|b2|c3).{0,9}(d4|e5)", {"d4", "e5"}),
        ("x(ab|c?)y", {"x"}),
        ("({0}) ({0})".format("|".join("abcdefghi")), {f"{c} " for c in "abcdefghi"}),
        ("a|.", set()),
        (r"\w+", set()),
        (r"(a)\1", set()),
        ("(?(1)a|b)", set()),
        ("a)", set()),
        ("(?x) a b", set()),
        ("", set()),
    ],
)
def test_required_literals(pattern, literals):
    """Every match holds one of them; a pattern too clever to read has none."""
    assert required_literals(pattern) == literals


@pytest.mark.parametrize(
    ("pattern", "parts"),
    [
        ("ab", ("ab",)),
        ("(?i)a|b(c|d)|", ("(?i)a", "(?i)b(c|d)", "(?i)")),
        ("^(?!.*x).*a|b", ("^(?!.*x).*a", "b")),
        (r"a\|b[|]c", (r"a\|b[|]c",)),
        (r"(a)\1|b", (r"(a)\1|b",)),
        ("a)|b", ("a)|b",)),
    ],
)
def test_branches(pattern, parts):
    """Each way to match is a pattern of its own; what cannot be read stays whole."""
    assert branches(pattern) == parts


def test_a_border_before_a_literal():
    """A pattern is tried where a word begins, and not inside a longer one."""
    text = "[topic.a]\nname = \"A\"\nterms = ['re:(?i)\\b(EU|US) (tariffs|law)']\n"
    matcher = compile_topics(parse_watchlist(text))

    def found(title):
        return [w.topic.topic_id for w in weigh(read_document(title), {}, matcher)]

    assert found("Neu law") == found("virus tariffs") == []
    assert found("EU law") == found("对 US tariffs") == found('"us law"') == ["a"]


def test_what_speaks_against_a_topic_needs_one_that_speaks_for_it():
    """A pattern against a topic alone says nothing; a company's prior may speak for it."""
    text = (
        '[company.a]\nname = "A"\nsector = "s"\n[prior.s]\nt = 2.0\n'
        '[topic.t]\nname = "T"\nterms = ["x"]\nnot = ["re:no+pe"]\n'
    )
    matcher = compile_topics(parse_watchlist(text))

    def scores(title, *companies):
        return [w.score for w in weigh(read_document(title), named(*companies), matcher)]

    assert scores("nope") == []
    assert scores("x nope") == scores("nope x") == [1.0 - 1.5]
    assert scores("nope", "a") == [2.0 - 1.5]


@given(
    st.sampled_from(
        [
            r"(?i)(restrict|ban)\w*.{0,4}(chips?|semis).{0,2}(to|china)",
            r"\b\d+w (fast )?charging",
            "(files|filed|filing) for .{0,3}(ipo|listing)",
            "TikTok.{0,2}(禁令|剥离)",
            "上市.{0,3}万元",
        ]
    ).flatmap(
        lambda p: st.tuples(st.just(p), st.from_regex(compile_pattern(p), alphabet=LETTERS))
    )
)
def test_no_match_without_a_literal(case):
    """A text that a pattern matches holds one of its literals."""
    pattern, text = case
    # Of decimal digits, folding leaves those of other scripts, which no pattern means.
    assume(all(c.isascii() for c in text if c.isdecimal()))

    needed = anywhere(required_literals(pattern))
    assert any(literal in text.lower() for literal in needed)
    for need in other_literals(pattern):
        assert any(literal in text.lower() for literal in need)


@pytest.mark.parametrize(
    ("pattern", "literals"),
    [
        ("(?i)sell.{0,9}chips? (in|to) china", [{"sell"}]),
        (r"[$€]\d+ (deal|round)", [{"$", "€"}]),
        (r"[^$]\d+ [a-c] [$]? deal", [{f"{n} " for n in range(10)}]),
        ("[$]|x", []),
    ],
)
def test_other_literals(pattern, literals):
    """What is seldom found comes first, what is everywhere is left out."""
    found = other_literals(pattern)

    assert sorted(map(sorted, found)) == sorted(map(sorted, literals))
    lengths = [min(map(len, need)) for need in found]
    assert lengths == sorted(lengths, reverse=True)


def test_a_negative_prior_takes_back_what_the_sector_says():
    """A company makes its sector's topics likely or not, but none unlikely."""
    text = '[company.a]\nname = "A"\nsector = "s"\n[topic.t]\nname = "T"\nterms = ["x"]\n'
    priors = "[prior.s]\nt = 1.0\n[prior.a]\nt = -1.0\n"
    matcher = compile_topics(parse_watchlist(text + priors))

    assert weigh(read_document("A"), named("a"), matcher) == []
    (found,) = weigh(read_document("x"), named("a"), matcher)
    assert found.score == 1.0


def test_a_term_in_two_spellings_counts_by_its_letters():
    """One form of the automaton may lead to terms that differ in their case."""
    text = (
        '[topic.a]\nname = "A"\nterms = ["IT"]\n'
        '[topic.b]\nname = "B"\nterms = ["it", "re:(?i)it now"]\n'
    )
    matcher = compile_topics(parse_watchlist(text))

    def scores(title):
        found = weigh(read_document(title, title), (), matcher)
        return {w.topic.topic_id: w.score for w in found}

    assert scores("it") == {"b": 1.0}
    assert scores("it, IT") == {"a": 1.0, "b": 1.0}
    assert scores("IT now") == {"a": 1.0, "b": 2.0}


def test_a_set_tries_what_has_no_literal_and_whose_literal_is_there():
    """At the beginning of a word where the pattern asks for that."""
    found = pattern_set([*map(compile_pattern, ("[0-9]+", r"\bhorn", "wing"))])

    tried = [found.likely(text) for text in ("", "acorn", "a horn", "xhorn", "lapwing")]
    assert tried == [[0], [0], [0, 1], [0], [0, 2]]

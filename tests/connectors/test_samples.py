"""The bundled samples: documents, dates, server and invented past."""

from __future__ import annotations

import gzip
import http.client
import io
import json
import subprocess
import sys
import time
import tomllib
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path

import feedparser
import pytest
from builders import shipped_tagger

from connectors.samples.catalogue import MOMENTS, SAMPLES, feeds_toml, render
from connectors.samples.history import history as make_history
from connectors.samples.history import history_lines
from connectors.samples.serve import alerts_toml, main, receive_alerts, serve_samples
from connectors.sinks import CHANNELS
from connectors.subscriptions import parse_feeds
from transforms.alerts import parse_alerts
from transforms.names.rules.file import parse_watchlist
from transforms.names.tagging import tag_text

NOW = datetime(2026, 8, 23, 2, 0, 5, 999, tzinfo=UTC)
WELL = [sample for sample in SAMPLES if sample.feed_id not in {"market-square", "quayside"}]


@pytest.fixture(scope="module")
def served():
    """Every sample's answer at each moment, asked for over HTTP."""
    with serve_samples(NOW, slow_seconds=0) as server:
        answers = {}
        for server.moment in MOMENTS:
            for sample in SAMPLES:
                answers[sample.feed_id, server.moment] = get(server, sample.path)
    return answers


@pytest.fixture
def server():
    """A sample server whose slow feed is not slow."""
    with serve_samples(NOW, slow_seconds=0) as running:
        yield running


def get(server, path, **headers):
    """Return status, headers and body of one request."""
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def post(server, key):
    """Return the answer to an alert with the idempotency key *key*."""
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    try:
        connection.request("POST", "/", b"{}", {"Idempotency-Key": key})
        answer = connection.getresponse()
        answer.read()
        return answer
    finally:
        connection.close()


def entries(answer):
    """Return (version, [(link, title, date as published)]) of an answer."""
    _, headers, body = answer
    if "json" in headers["Content-Type"]:
        feed = json.loads(body)
        items = feed["items"]
        return feed["version"], [(i["url"], i["title"], i["date_published"]) for i in items]
    parsed = feedparser.parse(
        io.BytesIO(body), response_headers={"content-type": headers["Content-Type"]}
    )
    return parsed.version, [(e.link, e.title, date(e)) for e in parsed.entries]


def date(entry):
    # feedparser files the dc:date of RDF under "updated".
    return entry.get("published") or entry.get("updated", "")


def links(served, *moments):
    """Return every article's link without its campaign parameters."""
    return {
        link.partition("?")[0]
        for sample in SAMPLES
        for moment in moments
        if served[sample.feed_id, moment][0] == 200
        for link, _, _ in entries(served[sample.feed_id, moment])[1]
    }


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("sample", WELL, ids=lambda sample: sample.feed_id)
def test_document_parses(served, sample, moment):
    """Every well feed is a feed with entries at each moment, each linked and titled."""
    status, headers, _ = served[sample.feed_id, moment]
    version, found = entries(served[sample.feed_id, moment])

    assert status == 200
    assert headers["Content-Type"] == sample.content_type
    assert version
    assert found
    assert all(link.startswith("https://") and title for link, title, _ in found)
    assert not any("{{" in text for entry in found for text in entry)


def test_formats_and_scripts(served):
    """Four formats, three scripts and two encodings are among the samples."""
    versions = {entries(served[sample.feed_id, 1])[0] for sample in WELL}
    regions = Counter((sample.language, sample.region) for sample in SAMPLES)

    assert len(SAMPLES) >= 8
    assert versions == {"rss20", "rss10", "atom10", "https://jsonfeed.org/version/1.1"}
    assert regions["zh", "cn"] >= 2
    assert regions["zh", "hk"] + regions["zh", "tw"] >= 2
    assert sum(sample.language == "en" for sample in SAMPLES) >= 3
    assert {sample.encoding for sample in SAMPLES} == {"utf-8", "gb18030"}


def test_article_counts(served):
    """About eighty articles, a third of which only moment 2 brings; 3 adds a few."""
    assert len(links(served, 1)) == 56
    assert len(links(served, 1, 2)) == 80
    assert len(links(served, 1, 2, 3)) == 83


def test_nothing_but_the_web_page_is_lost(served):
    """A later moment still carries the articles of those before where the feed is well."""
    for sample in WELL:
        first, second, third = (
            {link for link, _, _ in entries(served[sample.feed_id, moment])[1]}
            for moment in MOMENTS
        )
        assert first < second <= third


def test_only_two_feeds_have_news_at_moment_3(served):
    """The others answer what they did at moment 2, to the byte, faults included."""
    changed = {
        sample.feed_id
        for sample in SAMPLES
        if served[sample.feed_id, 3][2] != served[sample.feed_id, 2][2]
    }
    assert changed == {"jiangnan", "gangwan"}


@pytest.mark.parametrize(
    ("feed_id", "before", "after"),
    [
        ("harbour", "Tencent weighs", "Tencent confirms"),
        ("chenguang", "下调12类", "下调15类"),
    ],
)
def test_edited_headline(served, feed_id, before, after):
    """A headline changes between the moments while its link stays."""
    old = {link: title for link, title, _ in entries(served[feed_id, 1])[1]}
    new = {link: title for link, title, _ in entries(served[feed_id, 2])[1]}
    changed = {link for link in old if old[link] != new[link]}

    assert len(changed) == 1
    assert before in old[changed.copy().pop()]
    assert after in new[changed.pop()]


@pytest.mark.parametrize(
    ("needles", "moment", "outlets"),
    [
        (("Qwen 4", "47"), 1, {"harbour", "tidewater", "chenguang"}),
        (
            ("Qwen 4", "47"),
            2,
            {"harbour", "tidewater", "silk-ledger", "chenguang", "jiangnan", "gangwan"},
        ),
        (("Poland",), 1, set()),
        (("Poland",), 2, {"harbour", "tidewater"}),
        (("波兰",), 1, set()),
        (("波兰",), 2, {"qianyan"}),
        (("波兰",), 3, {"qianyan", "jiangnan"}),
        (("波蘭",), 3, {"gangwan"}),
        (("Doubao", "200 million"), 2, {"tidewater"}),
        (("豆包", "2亿"), 2, set()),
        (("豆包", "2亿"), 3, {"jiangnan"}),
    ],
)
def test_big_stories(served, needles, moment, outlets):
    """One story grows from three outlets to six; another from three at moment 2 to five.

    At moment 3 a third one is told in Chinese as well.
    """
    found = {
        sample.feed_id
        for sample in WELL
        for _, title, _ in entries(served[sample.feed_id, moment])[1]
        if all(needle in title for needle in needles)
    }
    assert found == outlets


@pytest.fixture(scope="module")
def tagger():
    """The shipped watchlist, compiled once."""
    return shipped_tagger()


@pytest.mark.parametrize(
    "words",
    ["4096字节", "小米粥", "洛川苹果", "捡贝壳", "三百度", "Sewing machine", "Ali Hassan"],
)
def test_hard_negatives_name_nobody(served, tagger, words):
    """A headline with a word that only looks like a company names none."""
    titles = {
        title
        for sample in WELL
        for _, title, _ in entries(served[sample.feed_id, 1])[1]
        if words in title
    }
    assert len(titles) == 1
    assert tag_text(tagger, title=titles.pop())["companies"] == []


@pytest.mark.parametrize(
    ("feed_id", "moment", "written"),
    [
        pytest.param("harbour", 1, "Sat, 22 Aug 2026 22:50:05 +0000", id="RFC 822"),
        pytest.param("market-square", 1, "1787428805", id="epoch seconds"),
        pytest.param("chenguang", 1, "2026-08-23 07:10:05", id="Beijing, no zone"),
        pytest.param("jiangnan", 1, "2026/8/23 06:00:05", id="slashes"),
        pytest.param("qianyan", 1, "3小时前", id="relative"),
        pytest.param("qianyan", 2, "刚刚", id="just now"),
        pytest.param("jiangnan", 3, "2026/8/23 10:35:05", id="after moment 2"),
        pytest.param("zhengce", 1, "2026年8月23日 03:30", id="Han"),
        pytest.param("gangwan", 1, "2026-08-23T06:20:05+08:00", id="ISO with offset"),
    ],
)
def test_date_traps(served, feed_id, moment, written):
    """The newest entry carries the date in the form that the feed is there for."""
    assert entries(served[feed_id, moment])[1][0][2] == written


def test_undated_entry(served):
    """One entry has no date at all."""
    assert [e for e in entries(served["market-square", 1])[1] if not e[2]]


def test_gb18030_document(served):
    """The GB18030 feed is really in that encoding, and says so only in its prolog."""
    body = served["jiangnan", 1][2]

    assert body.startswith(b'<?xml version="1.0" encoding="GB18030"?>')
    assert "拼多多扶持计划" in body.decode("gb18030")
    with pytest.raises(UnicodeDecodeError):
        body.decode("utf-8")


def test_broken_feed(served):
    """The broken feed answers 500, then with a document that ends in its head."""
    assert served["quayside", 1][0] == 500
    status, _, body = served["quayside", 2]
    parsed = feedparser.parse(io.BytesIO(body))
    assert (status, parsed.entries, bool(parsed.bozo)) == (200, [], True)


def test_feed_turns_into_a_web_page(served):
    """The moved feed is a feed at moment 1 and HTML at moment 2."""
    assert entries(served["market-square", 1])[0] == "rss20"
    status, headers, body = served["market-square", 2]
    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert b"<html" in body


def test_unknown_path(server):
    """A path that is no sample's is not found."""
    assert get(server, "/nobody.xml")[0] == 404


def test_gzip_only_when_asked(server):
    """The compressing feed compresses for a client that accepts it, and only then."""
    _, plain_headers, plain = get(server, "/harbour.xml")
    _, headers, body = get(server, "/harbour.xml", **{"Accept-Encoding": "gzip, deflate"})

    assert headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(body) == plain
    assert "Content-Encoding" not in plain_headers


@pytest.mark.parametrize("sample", WELL, ids=lambda sample: sample.feed_id)
def test_not_modified_until_the_moment_moves(server, sample):
    """What a feed sent as validators answers 304, and 200 again at moment 2."""
    _, headers, _ = get(server, sample.path)
    conditions = {
        request: headers[response]
        for response, request in (
            ("ETag", "If-None-Match"),
            ("Last-Modified", "If-Modified-Since"),
        )
        if response in headers
    }
    again = get(server, sample.path, **conditions)
    server.moment = 2
    later = get(server, sample.path, **conditions)

    assert bool(conditions) == (sample.validator != "none")
    assert again[0] == (304 if conditions else 200)
    assert later[0] == 200


def test_no_news_is_not_modified(server):
    """A feed without news at moment 3 says so to whoever saw moment 2."""
    server.moment = 2
    _, seen, _ = get(server, "/harbour.xml")
    _, dated, _ = get(server, "/circuit-port.xml")
    server.moment = 3

    by_tag = {"If-None-Match": seen["ETag"]}
    by_date = {"If-Modified-Since": dated["Last-Modified"]}
    assert get(server, "/harbour.xml", **by_tag)[0] == 304
    assert get(server, "/circuit-port.xml", **by_date)[0] == 304
    assert get(server, "/gangwan.xml", **by_tag)[0] == 200


def test_the_receiver_refuses_once():
    """The first request is answered 503 with a time to wait, what follows is taken."""
    with receive_alerts() as receiver:
        first, second = (post(receiver, key) for key in ("m1", "m1"))
        assert (first.status, first.headers["Retry-After"]) == (503, "120")
        assert second.status == 200
        assert (receiver.refused, receiver.taken) == (["m1"], ["m1"])


@pytest.mark.slow
def test_alerts_toml():
    """The demo's rules are the shipped ones and its own, for a receiver of this machine."""
    shipped, watched = (
        (Path(__file__).parents[2] / name).read_text(encoding="utf-8")
        for name in ("alerts.toml", "watchlist.toml")
    )
    text = alerts_toml("http://127.0.0.1:9", NOW - timedelta(minutes=30))

    rules = parse_alerts(
        text,
        watchlist=parse_watchlist(watched),
        feeds=(),
        channel_types=CHANNELS,
        default=shipped,
    )

    assert rules.channels["team"].address == "http://127.0.0.1:9"
    assert rules.channels["summary"].schedule.digest == (clock_time(1, 30),)
    assert {"giants", "factories", "bursts"} <= {rule.rule_id for rule in rules.rules}


def test_slow_feed_is_slow_and_does_not_hold_up_the_end():
    """The slow feed waits as long as it is told; closing does not wait for it."""
    with serve_samples(NOW, slow_seconds=0.2) as server:
        started = time.monotonic()
        assert get(server, "/lantern.xml")[0] == 200
        assert time.monotonic() - started >= 0.2

    started = time.monotonic()
    with serve_samples(NOW, slow_seconds=60) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.server_port)
        connection.request("GET", "/lantern.xml")
    connection.close()
    assert time.monotonic() - started < 30


@pytest.mark.parametrize(
    ("error", "printed"), [(BrokenPipeError, False), (RuntimeError, True)]
)
def test_only_our_own_failures_are_printed(server, capsys, error, printed):
    """A client that hung up leaves no traceback; a fault in the server does."""

    def fail():
        raise error("as in a handler")

    try:
        fail()
    except error:
        server.handle_error(None, ("127.0.0.1", 1))

    assert ("as in a handler" in capsys.readouterr().err) is printed


def test_feeds_toml(server):
    """The feeds file names every sample, at its address, with its publisher."""
    feeds = tomllib.loads(feeds_toml(server.url))["feed"]

    assert list(feeds) == [sample.feed_id for sample in SAMPLES]
    assert [feed.url for feed in parse_feeds(feeds_toml(server.url))] == [
        server.url + sample.path for sample in SAMPLES
    ]
    assert feeds["circuit-port"] == {
        "url": f"{server.url}/circuit-port.xml",
        "publisher": "Circuit & Port",
        "language": "en",
        "region": "us",
        "kind": "news",
    }
    assert feeds["gangwan"]["publisher"] == "港灣科技日誌"


def test_by_hand(monkeypatch, capsys):
    """The module prints the feeds file, moves on at Enter and stops at the third."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n\n\n"))

    main()

    printed = capsys.readouterr()
    assert len(tomllib.loads(printed.out)["feed"]) == len(SAMPLES)
    assert "moment 3" in printed.err


def test_by_hand_stops_at_interrupt(monkeypatch, capsys):
    """Ctrl-C ends serving by hand without a traceback."""

    class Keyboard:
        def readline(self):
            raise KeyboardInterrupt

    monkeypatch.setattr(sys, "stdin", Keyboard())

    main()

    assert "Serving moment 2" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("placeholder", "expected"),
    [
        ("{{-3h rfc822}}", "Sat, 22 Aug 2026 23:00:05 +0000"),
        ("{{-3h gmt8}}", "Sun, 23 Aug 2026 07:00:05 GMT+8"),
        ("{{-3h cst}}", "Sun, 23 Aug 2026 07:00:05 CST"),
        ("{{-26h iso}}", "2026-08-22T00:00:05Z"),
        ("{{-1d2h30m5s iso8}}", "2026-08-22T07:30:00+08:00"),
        ("{{-3h beijing}}", "2026-08-23 07:00:05"),
        ("{{-3h slash}}", "2026/8/23 07:00:05"),
        ("{{-3h han}}", "2026年8月23日 07:00"),
        ("{{-3h path}}", "2026/08/22"),
        ("{{-1h epoch}}", "1787446805"),
        ("{{+20m iso}}", "2026-08-23T02:20:05Z"),
        ("{{-59s ago}}", "刚刚"),
        ("{{-59m ago}}", "59分钟前"),
        ("{{-90m ago}}", "1小时前"),
        ("{{-2d1h ago}}", "2天前"),
        ("a {{ -0m path }} b", "a 2026/08/23 b"),
        ("no placeholder { } here", "no placeholder { } here"),
    ],
)
def test_render(placeholder, expected):
    """A placeholder becomes the date that long before or after now, in its form."""
    assert render(placeholder, NOW) == expected


@pytest.mark.parametrize("placeholder", ["{{3h iso}}", "{{-3h gregorian}}", "{{}}"])
def test_render_refuses(placeholder):
    """A placeholder that is none is an error that names it and the forms."""
    with pytest.raises(ValueError, match="is not a placeholder; write an age and one of"):
        render(placeholder, NOW)


@pytest.fixture(scope="module")
def history():
    """The ten weeks before NOW."""
    return make_history(NOW)


def test_history_is_deterministic(history):
    """The same moment has the same past, line by line."""
    assert [json.loads(line) for line in history_lines(NOW)] == history


def test_history_is_ten_weeks_before_the_samples(history):
    """About 1,500 articles, oldest first, none as new as the oldest sample."""
    published = [datetime.fromisoformat(article["published"]) for article in history]

    assert 1_300 <= len(history) <= 1_700
    assert published == sorted(published)
    assert NOW - timedelta(days=74) < published[0] < NOW - timedelta(days=71)
    assert NOW - timedelta(days=4) < published[-1] < NOW - timedelta(hours=72)


def test_another_beat_has_an_invented_quarter():
    """A hundred headlines and more, in both languages, up to now, and always the same."""
    quarter = make_history(NOW, "chips")
    published = [datetime.fromisoformat(article["published"]) for article in quarter]
    languages = Counter(article["language"] for article in quarter)

    assert 80 <= len(quarter) <= 200
    assert NOW - timedelta(days=92) < published[0] < published[-1] < NOW
    assert min(languages["en"], languages["zh"]) > 30
    assert make_history(NOW, "chips") == quarter


def test_history_is_varied(history):
    """Addresses are unique, titles nearly so, and both languages have a good share."""
    languages = Counter(article["language"] for article in history)

    assert len({article["url"] for article in history}) == len(history)
    assert len({article["title"] for article in history}) > 0.98 * len(history)
    assert set(languages) == {"en", "zh"}
    assert min(languages.values()) > 0.35 * len(history)
    assert not any("{" in article["title"] + article["summary"] for article in history)


def test_history_is_told_by_the_sample_outlets(history):
    """Publishers are those of the sample feeds, so that no new source shifts levels."""
    known = {sample.publisher for sample in SAMPLES}
    assert {article["publisher"] for article in history} <= known


def test_traditional_outlets_write_traditional(history):
    """Hong Kong and Taiwan outlets print the script of their readers."""
    titles = "".join(a["title"] for a in history if a["publisher"] == "港灣科技日誌")
    assert "華為" in titles
    assert "华为" not in titles


def test_history_has_days_of_surge(history):
    """A subject with a planted surge stands far above its usual day."""
    days = Counter(
        article["published"][:10] for article in history if "/byd-" in article["url"]
    )
    usual = sorted(days.values())[len(days) // 2]
    assert max(days.values()) >= 3 * usual


def test_echoes_come_from_another_outlet(history):
    """An event told twice is told by different outlets, within hours."""
    events = Counter(article["url"].rpartition("/")[2] for article in history)
    told_twice = {event for event, times in events.items() if times > 1}
    outlets = {
        (article["url"].rpartition("/")[2], article["publisher"]) for article in history
    }

    assert 0.05 * len(history) < len(told_twice) < 0.25 * len(history)
    for event in told_twice:
        assert sum(event == known for known, _ in outlets) == events[event]


def test_history_prints_lines():
    """The module prints one JSON object a line, ready for the import command."""
    done = subprocess.run(
        [sys.executable, "-m", "connectors.samples.history"],
        capture_output=True,
        encoding="utf-8",
        env={"PYTHONUTF8": "1"},
        timeout=60,
        check=True,
    )
    first = json.loads(done.stdout.splitlines()[0])
    assert set(first) == {"url", "title", "summary", "published", "publisher", "language"}


def test_every_title_of_the_history_names_its_company(history, tagger):
    """The watchlist knows each company by the name that the history gives it."""
    lost = [
        article["title"]
        for article in history
        if (told := article["url"].rpartition("/")[2].rpartition("-")[0])
        not in {
            c["company_id"] for c in tag_text(tagger, title=article["title"])["companies"]
        }
        and not told.startswith("affair-")
    ]
    assert lost == []


def test_affairs_of_the_history_are_read_alike_in_both_languages(history, tagger):
    """Who acted against whom is the same act, in whatever language it is told."""
    steps = defaultdict(dict)
    for article in history:
        if (step := article["url"].rpartition("/")[2]).startswith("affair-"):
            act = tag_text(tagger, title=article["title"])["measure"]
            sides = act and (act["side"], act["target_side"], act["status"])
            steps[step][article["language"]] = sides

    assert len(steps) == 23
    assert {step: told for step, told in steps.items() if len(set(told.values())) > 1} == {}
    assert {("us", "cn", "in-force"), ("cn", "us", "decided"), ("us", "cn", "eased")} <= {
        sides for told in steps.values() for sides in told.values()
    }

"""Emerging terms: terms far more frequent in a week's headlines than before.

Log-odds with an informative Dirichlet prior: Monroe, Colaresi & Quinn 2008,
*Fightin' Words*, Political Analysis 16. The prior is the pooled usage of both
periods, as heavy as one current period, so that a word seen three times for the
first time does not beat one that rose from ten to sixty.

Chinese is not segmented: dictionaries split exactly the new names that matter here.
A run of characters is a term when it holds together (its parts meet far more often
than by chance) and stands free (many different characters follow and precede it).
Both are the word tests of Sproat & Shih 1990 and of accessor variety, Feng et al. 2004.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain, pairwise
from math import log, sqrt

from transforms.models import EmergingTerm
from transforms.text.fold import fold

_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9&+-]*(?:'[a-z]+)?|[^\sA-Za-z0-9]")
_POSSESSIVE = re.compile(r"'s?$")
_STOP_TEXT = """
    a about after again all also amid among an and any are as at back be been before
    being but by can could did do does for from get gets had has have he her his how
    if in into is it its just may might more most near new no not now of off on one
    only or other our out over own per say says set she should so some still than
    that the their them then there these they this those through to too under until
    up us via was we were what when where which while who why will with would year
    years yet you your week month day today billion million trillion first last
    report reports reportedly two three four five six seven eight nine ten amp apos
    quot nbsp actually ahead already around away back bad based become becomes because
    behind best better big bring brings call calls come comes content different early even
    ever every exclusive explained fear few find finds full getting give gives go goes
    going good got great hands head here high how's i i'm isn't its keep keeps key know
    latest less like likely long look looks lot made make makes making many me much must
    my need needs next nearly old people poll put puts real really review reuters right see
    sees set sets show shows since small something soon source sources start starts stop
    such take takes tell tells thing things think they're time too top try use used using
    very want wants watch way we're well where's without work works won't you're
    it's that's don't monday tuesday wednesday thursday friday saturday
    sunday january february march april june july august september october november
    december china chinese fail fails failed hit hits hitting test tests tested
"""
_STOP = frozenset(_STOP_TEXT.split())

_UNIT = re.compile(r"[\u3400-\u9fff]|[A-Za-z0-9][A-Za-z0-9.+-]*|\S")
_HAN = re.compile(r"[\u3400-\u9fff]")
_NUMBER = re.compile(r"[\d.+-]+")
MAX_UNITS = 6
# Characters of grammar, number and time: no term begins or ends with one.
_EDGE = frozenset(
    "的了在是和与及或将被把对为从向到等也就都这那其之又还再已正让给比至以于但而且因所则者们"
    "个年月日时分秒周天亿万千百十元一二三四五六七八九两第每近超约达仅称说曝拟获遭可会要能不"
    "没有无更最新首谈发后前中内外上下起来去出入回过次位名家款项只条台部只均岁些"
)
# Words of headlines as such, and of the columns that they stand in: they rise and fall
# with what is written, and name nothing.
_PLAIN_TEXT = """
    公布 开启 汇总 体验 目标 震惊 观察 推动 落地 离开 呼吁 成果 接管 大招 回应 发布
    宣布 上线 亮相 曝光 揭秘 盘点 速递 独家 重磅 首发 早报 晚报 快讯 解读 深度 专访
    对话 报道 消息 最新 今日 昨日 日前 近日 正式 官方 推出 打造 加速 突破 升级 布局
    迎来 引发 关注 热议 网友 回顾 预告 直播 全文 视频 图集 评论 专栏 问题 情况 方面
    表示 认为 指出 强调 相关 进行 实现 继续 成为 计划 用户 全球 国内 海外 行业 业务
    公司 企业 平台 产品 品牌 项目 市场 时代 背后 未来 如何 为何 什么 为什么 怎么 我们
    代表 委员 人大代表 建议 集团 全网 高端 大赛 安全 官宣
    国际 变化 快速 提质 开展 全力 安排 恢复 签署 奋斗
    他们 自己 这个 那个 一个 一次 一年 多家 部分
    总结 商业 生命 女性 研究 大规模 人才 富豪 关键词 重构 文档 易主 军团 终结 普通 爆火
    爆红 销量 数据 预测 安装 暴跌 暴涨 围剿 价值 业绩 理解 笔记 解析 深度解析 基础 定义
    管理 原理 任务 报告 完全指南 知道 详解 控制 实践 构建 危机 定价 负责人 高管 疯狂 冲刺
    优惠 风口 命令 偷偷 资源 道歉 教育 行动 自动 人类 工厂
"""
_PLAIN = frozenset(_PLAIN_TEXT.split())
# In nats: parts that meet e^2.5 = 12 times as often as by chance belong together.
MIN_COHESION = 2.5
# In nats: fewer than about three equally likely neighbours on a side, and the term
# is a piece of a longer one.
MIN_FREEDOM = 1.0


def english_terms(titles: Sequence[str], support: int) -> Iterator[set[str]]:
    """Yield each title's words and word pairs that at least *support* titles share.

    A word and its plural count as one, in the more frequent form.
    """
    found = [set(_english(title)) for title in titles]
    shared = Counter(chain.from_iterable(found))
    usual = {
        form: max(pair, key=shared.__getitem__)
        for term in shared
        if term[-1] == "s" and term[:-1] in shared
        for pair in [(term, term[:-1])]
        for form in pair
    }
    yield from _supported([{usual.get(t, t) for t in terms} for terms in found], support)


def _english(title: str) -> Iterator[str]:
    words = [_POSSESSIVE.sub("", word) for word in _WORD.findall(title.lower())]
    telling = [_is_telling(word) for word in words]
    yield from (word for word, keep in zip(words, telling, strict=True) if keep)
    for (first, second), (keep, also) in zip(
        pairwise(words), pairwise(telling), strict=True
    ):
        if keep and also:
            yield f"{first} {second}"


def _is_telling(word: str) -> bool:
    return len(word) > 1 and word not in _STOP and not _NUMBER.fullmatch(word)


def chinese_terms(titles: Sequence[str], support: int) -> Iterator[set[str]]:
    """Yield each title's terms that at least *support* titles share."""
    split = [_units(title) for title in titles]
    grams = [set(_grams(units)) for units in split]
    shared = Counter(chain.from_iterable(grams))
    frequent = {gram for gram, count in shared.items() if count >= support}
    free = _free(split, frequent)
    # Units, not titles: cohesion is about how often characters meet at all.
    total = sum(len(units) for units in split) or 1
    terms = {
        gram
        for gram in free
        if _is_term(gram) and _cohesion(gram, shared, total) >= MIN_COHESION
    }
    for found in grams:
        yield {"".join(gram) for gram in found & terms}


Gram = tuple[str, ...]


def _units(title: str) -> Gram:
    """Split into single characters and whole Latin words; all else is a break."""
    found = _UNIT.findall(title)
    return tuple([unit if unit[0].isalnum() or _HAN.match(unit) else "" for unit in found])


def _grams(units: Gram) -> Iterator[Gram]:
    for start in range(len(units)):
        for end in range(start + 1, min(start + MAX_UNITS, len(units)) + 1):
            if not units[end - 1]:
                break
            yield units[start:end]


def _is_term(gram: Gram) -> bool:
    if gram[0] in _EDGE or gram[-1] in _EDGE or "".join(gram) in _PLAIN:
        return False
    if len(gram) == 1:
        return not _HAN.match(gram[0]) and _is_telling(gram[0].lower())
    return not all(_NUMBER.fullmatch(unit) for unit in gram) and any(
        _HAN.match(unit) for unit in gram
    )


def _free(split: Sequence[Gram], frequent: set[Gram]) -> set[Gram]:
    before: dict[Gram, dict[str, int]] = {}
    after: dict[Gram, dict[str, int]] = {}
    for number, units in enumerate(split):
        beside = _neighbours(units, edge=f"|{number}")
        for start in range(len(units)):
            for end in range(start + 1, min(start + MAX_UNITS, len(units)) + 1):
                gram = units[start:end]
                if gram not in frequent:
                    # What is too rare cannot become frequent by growing.
                    break
                for seen, unit in ((before, beside[start]), (after, beside[end + 1])):
                    counts = seen.setdefault(gram, {})
                    counts[unit] = counts.get(unit, 0) + 1
    return {
        gram
        for gram in before
        if _entropy(before[gram]) >= MIN_FREEDOM and _entropy(after[gram]) >= MIN_FREEDOM
    }


def _neighbours(units: Gram, *, edge: str) -> list[str]:
    """Return what stands beside *units*, from before the first to after the last.

    All numbers are one, for what they count goes on them. The end of a headline or a
    comma is a boundary, called *edge*, each a new one.
    """
    inner = ["0" if _NUMBER.fullmatch(unit) else unit or edge for unit in units]
    return [edge, *inner, edge]


def _entropy(neighbours: Mapping[str, int]) -> float:
    total = sum(neighbours.values())
    return -sum(n / total * log(n / total) for n in neighbours.values())


def _cohesion(gram: Gram, shared: Mapping[Gram, int], total: int) -> float:
    """Return the pointwise mutual information of the weakest seam of *gram*."""
    if len(gram) == 1:
        return MIN_COHESION
    return min(
        log(shared[gram] * total / (shared[gram[:cut]] * shared[gram[cut:]]))
        for cut in range(1, len(gram))
    )


def _supported(found: Sequence[set[str]], support: int) -> Iterator[set[str]]:
    shared = Counter(chain.from_iterable(found))
    for terms in found:
        yield {term for term in terms if shared[term] >= support}


# A word must be in this many different headlines: fewer are one story retold.
MIN_HEADLINES = 4
# One-sided p = 0.023. Thousands of words are compared, so it is a list to look at,
# in order, and not a test.
MIN_Z = 2.0
# A part that is hardly ever seen without the whole says nothing of its own.
ABSORBED = 0.75
# A term that one outlet alone has, though so many headlines of others came by chance this
# seldom, is a column or a slogan of its own. An outlet of most headlines has most terms.
ONE_OUTLET_BY_CHANCE = 0.01
Titled = tuple[str, str] | tuple[str, str, str]
Headlines = Mapping[str, frozenset[str]]
Finder = Callable[[list[str], int], Iterator[set[str]]]
_FINDERS: Mapping[str, Finder] = {"en": english_terms, "zh": chinese_terms}


def emerging_terms(
    current: Iterable[Titled], before: Iterable[Titled], *, week: date, limit: int = 30
) -> list[EmergingTerm]:
    """Return the emerging terms of *current*, highest z-score first.

    Both are (headline, language) pairs, one per story, or triples with the outlet.
    Duplicate headlines count once, and columns of one outlet are ignored. Languages without
    a tokenizer are left out.
    """
    now, then = _by_language(current), _by_language(before)
    ranked = [
        _ranked(
            _emerging(now.get(language, {}), then.get(language, {}), find, week, language)
        )
        for language, find in _FINDERS.items()
    ]
    # z grows with the number of headlines: alone it would leave only the language
    # with most of them. Half the places are kept for each, as far as it fills them.
    kept = limit // len(ranked)
    sure = [term for terms in ranked for term in terms[:kept]]
    rest = _ranked(term for terms in ranked for term in terms[kept:])
    return _ranked([*sure, *rest[: limit - len(sure)]])


def _ranked(terms: Iterable[EmergingTerm]) -> list[EmergingTerm]:
    return sorted(terms, key=lambda term: (-term.z, term.term))


def z_score(now: int, then: int, *, headlines: int, headlines_before: int) -> float:
    """Return the z-score of a term's log-odds ratio, *now* against *then*."""
    usage = (now + then) / (headlines + headlines_before)
    prior = usage * headlines
    odds_now = _log_odds(now + prior, 2 * headlines)
    odds_then = _log_odds(then + prior, headlines_before + headlines)
    return (odds_now - odds_then) / sqrt(1 / (now + prior) + 1 / (then + prior))


def _log_odds(with_term: float, all_headlines: float) -> float:
    # Half a headline keeps a term that is in every one of them finite.
    return log(with_term / (all_headlines - with_term + 0.5))


def _by_language(titled: Iterable[Titled]) -> Mapping[str, Headlines]:
    titles: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(
        lambda: defaultdict(set)
    )
    for title, language, *outlet in titled:
        # Traditional and Simplified headlines are one language here.
        same = " ".join(fold(title).text.split())
        titles[language.split("-")[0].lower()][same].update(outlet)
    return {
        language: {title: frozenset(outlets) for title, outlets in seen.items()}
        for language, seen in titles.items()
    }


def _emerging(
    current: Headlines, before: Headlines, find: Finder, week: date, language: str
) -> Iterator[EmergingTerm]:
    if not before:
        return
    # Both at once: whether characters form a word is decided on all headlines.
    found = list(find([*current, *before], MIN_HEADLINES))
    now = Counter(term for terms in found[: len(current)] for term in terms)
    then = Counter(term for terms in found[len(current) :] for term in terms)
    sizes = {"headlines": len(current), "headlines_before": len(before)}
    scores = {
        term: z_score(count, then[term], **sizes)
        for term, count in now.items()
        if count >= MIN_HEADLINES
    }
    striking = {term: now[term] for term, z in scores.items() if z >= MIN_Z}
    columns = _of_one_outlet(current, found, striking)
    for term in _without_parts(striking, separator=" " if language == "en" else ""):
        if term not in columns:
            yield EmergingTerm(
                week=week, term=term, language=language, count=now[term], z=scores[term]
            )


def _of_one_outlet(
    current: Headlines, found: Iterable[set[str]], terms: Iterable[str]
) -> set[str]:
    whole = Counter(outlet for told_by in current.values() for outlet in told_by)
    having: dict[str, Counter[str]] = {term: Counter() for term in terms}
    for told_by, terms_of_it in zip(current.values(), found, strict=False):
        for term in terms_of_it & having.keys():
            having[term].update(told_by)
    return {
        term
        for term, outlets in having.items()
        for outlet, count in outlets.items()
        if len(outlets) == 1
        and (whole[outlet] / len(current)) ** count < ONE_OUTLET_BY_CHANCE
    }


def _without_parts(counts: Mapping[str, int], *, separator: str) -> Iterator[str]:
    """Yield the terms that are not merely a part of a longer one, or a rare longer one."""
    for term, count in counts.items():
        padded = f"{separator}{term}{separator}"
        wholes = [
            other
            for other in counts
            if other != term and padded in f"{separator}{other}{separator}"
        ]
        if not any(counts[whole] >= ABSORBED * count for whole in wholes):
            yield term

"""What happened, in words of both languages: the only bridge between headlines."""

from __future__ import annotations

import re
from functools import cache, lru_cache

# One line an event: what English and Chinese headlines call it.
_WORDS = {
    "acquire": r"acqui\w+|takeover|buys?|to buy|buyout|收购|并购|买下|出售",
    "sue": r"sues?|sued|lawsuits?|suing|起诉|诉讼|状告|被诉",
    "dismiss": r"dismiss\w*|throws? out|驳回",
    "ban": r"bans?|banned|prohibit\w*|limits?|restricts?|blocks?|blocked|禁|封杀|下架|限制",
    "allow": r"approv\w+|clear(?:s|ed)|grants?|greenlights?|allows?|批准|放行|获准|许可",
    "raise": r"rais(?:es|ed|ing)|fundrais\w+|funding|融资|募资|募集|筹资",
    "list": r"ipo|listing|go(?:es|ing)? public|上市|招股|首次公开募股|挂牌",
    "layoff": r"layoffs?|job cuts?|cuts? [\d,]+ jobs|lay(?:s|ing)? off|裁员|裁减",
    "fine": r"fine[sd]?|penalt\w+|to pay|罚款|处罚|罚|支付",
    "hire": r"joins?|hires?|poach\w*|to leave|leaves|leaving|加盟|加入|离职|跳槽|离开|转投",
    "overtake": r"overtakes?|surpass\w*|vaults? past|market value|市值",
    "stake": r"stakes?|shareholder|股份|持股|入股|股东|股权",
    "supply": r"supply|agreements?|contract|供应|长约|协议|订单",
    "team": r"partner(?:s|ship)?|teams? up|work with|alliance|携手|合作|联手|联合",
    "cloud": r"cloud|(?:lease|leases|leasing)|云|租赁|租用",
    "cut-price": r"price cuts?|slash\w* prices?|cuts? prices?|降价|下调价格",
    "recall": r"recall\w*|召回",
    "accuse": r"accus\w+|alleg\w+|illicit\w*|distill\w*|指控|指责|蒸馏",
    "probe": r"prob(?:es|ed|ing)|investigat\w+|scrutin\w+|调查|审查|立案",
    "chip": r"chips?|semiconductors?|芯片|晶片|存储",
    "factory": r"factor(?:y|ies)|plants?|fabs?|工厂|产量|晶圆厂|production",
    "export": r"export (?:controls?|curbs?|ban)|entity list|出口管制|实体清单",
    "tariff": r"tariffs?|关税",
    "hack": r"hack\w*|breach\w*|leak\w*|泄露|泄漏|攻击|漏洞",
    "data-centre": r"data cent(?:er|re)s?|数据中心",
    "loan": r"loans?|贷款",
    "quantum": r"quantum|量子",
    "robot": r"robots?|humanoids?|机器人",
    "glasses": r"glasses|眼镜",
    "launch": r"launch(?:es|ed)?|debuts?|unveils?|reveals?|rolls? out|introduces?"
    r"|发布|推出|亮相|首发",
    "government": r"white house|government|officials?|regulators?|白宫|政府|监管",
}
# In every second headline: tips the balance, no more.
WEAK_ACTIONS = frozenset({"launch"})


@lru_cache(maxsize=1 << 15)
def actions(text: str) -> frozenset[str]:
    """Return the events that a lower-cased headline speaks of."""
    return frozenset(found.lastgroup or "" for found in _actions().finditer(text))


@cache
def _actions() -> re.Pattern[str]:
    # Compiling takes a tenth of a small run, and only pairs across languages ask for it.
    return re.compile("|".join(_action(name, words) for name, words in _WORDS.items()))


def _action(name: str, words: str) -> str:
    latin = "|".join(word for word in words.split("|") if word.isascii())
    han = "|".join(word for word in words.split("|") if not word.isascii())
    return f"(?P<{name.replace('-', '_')}>(?a:\\b)(?:{latin})(?a:\\b)|{han})"

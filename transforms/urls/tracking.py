"""Tell the parameters of an address that name its page from those that count readers.

Some names never mean anything else. Others mean something on most sites: they go where
their value says "came from the feed", or where the path names the page without them.
"""

from __future__ import annotations

import re

# Parameters that name a campaign or a click, never a page.
_TRACKING = re.compile(
    r"utm_\w+|(?:pk|mtm|piwik)_\w+|at_(?:medium|campaign|link\w*|custom\d|format|ptr_\w+|bbc_team)"
    r"|spm(?:_id_from|_\w+)?|scm|vd_source"
    r"|share_?(?:source|medium|plat|tag|session_id|from|times|token|code|type)|sharer_\w+"
    r"|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|igshid|igsh|mibextid"
    r"|mc_[ce]id|_hs(?:enc|mi)|hsa_\w+|mkt_tok|guccounter|guce_referrer(?:_sig)?|xtor|cmpid|ncid|ito|ftag"
    r"|__twitter_impression|_ga|_gl|wt\.mc_id|adchannelid|syn-[0-9a-f]{6,}|yptr|\.?tsrc|soc_(?:src|trk)"
    r"|srnd|sref|leadsource|smid|smtyp|unlocked_article_code|reflink|ocid|traffic_source"
    r"|ifengsp|isappinstalled|zh_hide_nav_bar|wfr|xsec_source|nocache",
    re.IGNORECASE,
)
# Parameters that mean something on most sites.
_ORIGIN = frozenset(
    {
        *("from", "f", "ref", "referrer", "referer", "source", "src", "via", "partner"),
        *("mod", "medium", "feed", "rss", "cmp", "siteid", "channel", "share", "icid"),
    }
)
_FEED_VALUE = re.compile(
    r"(?:feed|rss|atom)(?:[-_ ]?(?:feed|rss|reader|news|\d))*|feedburner", re.IGNORECASE
)
# A script shows what its parameters say; so does a search, and the front page.
_SCRIPT = re.compile(r"\.(?:php|aspx?|jspx?|do|cgi|action|dll|pl)$", re.IGNORECASE)
_WORDS = 3  # in "us-china-chips" are three: what a section is called has fewer
_NUMBER = re.compile(r"\d{5}|(?=[a-z]{0,11}\d)[0-9a-z]{12}", re.IGNORECASE)


def is_tracking(pair: str, *, is_named: bool) -> bool:
    """Tell whether "name=value" says who reads a page, and not which page.

    *is_named* says that the path names the page by itself.
    """
    name, _, value = pair.partition("=")
    if _TRACKING.fullmatch(name):
        return True
    if name.lower() not in _ORIGIN:
        return False
    return is_named or bool(_FEED_VALUE.fullmatch(value or name))


def names_page(path: str) -> bool:
    """Tell whether *path* names one page: it ends in words or a number of its own."""
    last = path.rstrip("/").rpartition("/")[2]
    if _SCRIPT.search(last):
        return False
    return last.count("-") + last.count("_") >= _WORDS - 1 or bool(_NUMBER.search(last))

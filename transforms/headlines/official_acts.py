"""Headlines of official sources that are no acts: explanations, pictures, names on show."""

from __future__ import annotations

import re

# SQL has the same of its own: views/05_official_acts.sql.
_NO_ACT = re.compile(
    "解读|读懂|看懂|图解|答记者问|有关问题答|公开招聘|拟聘|拟录用|部门预算|部门决算|工作动态"
    r"|公示(公告)?([\s（(：:，,。】）)]|$)"
)


def is_act(title: str) -> bool:
    """Tell whether an official source's headline may be of an act of its own."""
    return _NO_ACT.search(title) is None

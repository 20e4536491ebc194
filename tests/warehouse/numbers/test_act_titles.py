"""Headlines of official sources: which are acts, and under which numbers they are filed."""

from __future__ import annotations

import pytest

from transforms.headlines.reports import is_act

ACTS = [
    "关于印发《新型工业网络建设指南》的通知",
    "企业信息公示暂行条例",
    "商务部公告2026年第30号 关于对若干物项实施出口管制的决定",
    "Rule on the export of chips",
]
NO_ACTS = [
    "专家解读｜守住数据出境的底线",
    "《样例管理办法》政策解读",
    "一图读懂《样例指南》",
    "图解：样例行动方案",
    "关于2026年样例企业名单的公示",
    "样例产品目录（第三批）公示（附件）",
    "工业主管部门负责人就《样例办法》答记者问",
    "样例中心2026年公开招聘公告",
]


@pytest.mark.parametrize("title", [*ACTS, *NO_ACTS])
def test_what_is_an_act_is_one_in_sql_and_for_alerts(warehouse, title):
    """An explanation, a picture and a list on show are none; both definitions agree."""
    [(in_sql,)] = warehouse.execute("select is_act(?)", [title]).fetchall()

    assert in_sql is is_act(title) is (title in ACTS)


@pytest.mark.parametrize(
    ("title", "summary", "number"),
    [
        ("关于样例的通知", "工信部科〔2026〕12号", "工信部科〔2026〕12号"),
        ("关于样例的通知（工信厅测函〔2026〕1号）", "", "工信厅测函〔2026〕1号"),
        ("商务部公告2026年第30号 关于样例物项的公告", "", "商务部公告2026年第30号"),
        ("关于公布样例名单的公告 2026年第5号", "", "公告 2026年第5号"),
        ("样例网信办令 第22号", "", "样例网信办令 第22号"),
        ("样例银行令〔2026〕第3号（样例管理办法）", "", "样例银行令〔2026〕第3号"),
        ("样例管理办法", "自2026年9月1日起施行", None),
        ("Rule on chips", "No. 12 of 2026", None),
    ],
)
def test_number_of_an_act(warehouse, title, summary, number):
    """Bodies of China write it in the headline, or their lists have it apart."""
    found = warehouse.execute("select act_number(?, ?)", [title, summary]).fetchall()

    assert found == [(number,)]

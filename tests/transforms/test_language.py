"""Languages and round-ups of headlines."""

from __future__ import annotations

import pytest

from transforms.headlines.digests import is_digest
from transforms.text.language import base_language, detect_language


@pytest.mark.parametrize(
    ("text", "declared", "expected"),
    [
        ("华为发布新芯片", "en", "zh"),
        ("OpenAI发布GPT-5", "zh", "zh"),
        ("輝達財報優於預期", "", "zh"),
        ("Alibaba's Qwen (通义千问) model tops the chart", "zh", "en"),
        ("Huawei unveils a new cluster for the cloud", "zh", "en"),
        ("今日のニュースをお届けします", "en", "ja"),
        ("优の良品开店", "zh", "zh"),
        ("東京大学", "ja", "ja"),
        ("삼성전자 실적 발표", "en", "ko"),
        ("Новости технологий", "", "ru"),
        ("Новини технологій", "uk", "uk"),
        ("أخبار التكنولوجيا", "", "ar"),
        ("De nieuwe telefoon van Xiaomi is te koop", "", "nl"),
        ("Der neue Chip ist nicht schnell und die Karte auch", "en", "de"),
        ("Les puces sont dans le marché et une hausse est attendue", "en", "fr"),
        ("El precio de los coches sube con la demanda", "", "es"),
        ("BYD", "zh-Hans", "zh"),
        ("", "zh", "zh"),
        ("", "", "en"),
        ("Nieuwe Xiaomi telefoon", "nl", "nl"),
        ("Xiaomi electric factory expands", "zh", "en"),
        (
            "Xiaomi factory expansion plan announced today while investors cheer loudly",
            "",
            "en",
        ),
        ("…", "zh", "zh"),
        ("“It’s the chip of the year” – and it isn’t new", "zh", "en"),
        ("Der Hersteller “größte” verkauft nicht mit dem Chip", "en", "de"),
        ("El Niño and De la Espriella", "en", "en"),
        ("No hire, no fire?", "en", "en"),
        ("本月玩什么｜龙之信条 2、浪人崛起、Llamasoft: The Jeff Minter Story", "zh", "zh"),
    ],
)
def test_language(text, declared, expected):
    """Script decides, then common words, then the feed's own word."""
    assert detect_language(text, declared) == expected


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("zh-Hans-CN", "zh"),
        ("zh_TW", "zh"),
        ("EN-us", "en"),
        ("yue", "zh"),
        ("cn", "zh"),
        ("eng", "en"),
        ("jp", "ja"),
        ("", ""),
        ("english", ""),
        ("x", ""),
    ],
)
def test_tag(tag, language):
    """Language tags in all their spellings come down to two letters."""
    assert base_language(tag) == language


@pytest.mark.parametrize(
    "title",
    [
        "8点1氪｜甲公司降价；乙公司裁员",
        "9点1氪丨x",
        "早报｜a/b/c",
        "氪星晚报｜x",
        "x｜极客早知道",
        "Morning Bid: Chips again",
        "Tech daily briefing: what moved",
        "The Week in Review",
        "China Tech Digest",
        "甲上市；乙涨价；丙离职；丁收购",
        "科技昨夜今晨｜甲公司扩产",
        "科技昨夜今晨0812：甲公司扩产、乙公司停产",
        "今日消费资讯：甲咖啡开店，乙奶茶换标",
        "今日消費資訊｜甲咖啡開店",
        "【午间快讯汇总】甲股份停牌",
        "週末要聞匯總：甲公司募資；乙公司換帥",
        "本周氢能大事：甲建厂；乙招标",
        "一周游戏见闻：甲新作、乙停服",
        "下周前瞻｜甲公司财报",
        "本周芯片圈发生了什么？",
        "甲冲刺上市；乙关店；丙换标｜消费圈",
        "甲开店；乙关店；丙换标 | 本周零售发生了什么？",
        "转让甲公司股份；求购乙公司股份｜股权留言板第12期",
        "渠道速递 | 甲进军巴西 / 乙在泰国建厂",
        "渠道速递｜甲的第一步？/ Acme推新机",
        "渠道速递｜增长30%/甲扩产",
        "机器人周刊第 8 期：夹爪",
        "开源周刊（第 40 期）：时钟",
        "每天一个库 | 工具日报 No.17",
        "甲裁员丨声音日报 Vol.3",
        "【译】数据库周报：新索引",
        "机核播报 周报2.14",
        "1、甲公司上市2、乙公司停产3、丙公司搬家",
        "Daily Open: a quiet start",
        "The Download: soil batteries, and a chatbot for nurses",
        "Robotics Weekly #12",
        "Startups Weekly: who is hiring",
        "Research roundup: five odd fish",
        "This week in AI: nobody slept",
        "Chip sales and rate talks: What to watch this week",
        "10 things to watch on Friday",
        "Stocks making the biggest moves midday: Acme, Bolt and more",
        "前端周刊第二十三期",
        "极客日刊 第16期 2026年8月1日",
        "小众软件《频道月报》2026年7月",
        "统计之友《本周导读》第七辑",
        "【早茶图卦20260803】风筝",
        "一周舆论聚焦：甲地的风波",
        "本周看什么 | 值得一看的九部作品",
        "甲涨乙跌 丙创新高 | 今夜看点",
        "8月3日晚间公告集锦",
        "盘前要闻：甲公司中标",
        "晨会纪要：甲板块升温",
        "本周融资：甲获亿元投资，乙上市",
        "甲库、乙库、丙库 | 丁的下午茶第316期",
        "甲公司裁去员工三千；乙公司涨价两成；丙公司今日上市",
        "Acme sues Bolt Works | Bolt hires new chief | Chips run short again",
        "Acme sues Bolt Works; Bolt hires new chief; chips run short again",
        "Daily Hackers for 2026-08-03",
        "Tech in brief: a quiet start",
        "China's week in tech: chips and cars",
        "Acme's week: Robots Weekly",
        "Chip Report: Acme opens a plant; Bolt shuts one",
        "Wall St Week Ahead: jobs in focus",
        "Five Things You Need to Know to Start Your Day",
        "Top tech stories this week",
        "Lost noodles, new trains: 5 weekend reads",
        "What happened in tech this week",
        "美股收盘：三大指数集体上涨",
        "【每日收评】创业板指震荡走低，算力股逆势走强",
        "两国完成谈判 芯片股盘前走高 | 今夜看点",
        "值得一试的工具「某站 热点速览」",
        "视野周刊第72期 | 三种写法",
        "低空经济领域上市公司名单一览",
        "Dealmaster: Save on laptops and more",
    ],
)
def test_digest(title):
    """Round-ups are told by their names, or by their many clauses."""
    assert is_digest(title)


@pytest.mark.parametrize(
    "title",
    [
        "华为发布新芯片；股价上涨",
        "日报社记者获奖",
        "Chipmaker digests its losses",
        "早上好，北京",
        "",
        "人民日报：让老人也会用手机",
        "證券日報：芯片股走強",
        "扬子晚报：甲公司道歉",
        "联合早报：乙公司赴新加坡设厂",
        "中国新闻周刊：谁在买旧手机",
        "每日经济新闻：丙公司停牌",
        "今日头条：推荐算法升级",
        "不想写周报？这款工具替你写",
        "他在春晚报幕",
        "早知道电池这么耐用就好了",
        "赶上末班车的新车",
        "甲公司上市一周年回顾：三次转身",
        "业绩快报｜甲公司营收增长一成",
        "新品资讯｜甲发布 Mac/iPhone 通用键盘",
        "甲：不降价；乙：跟进",
        "价格降至0.5元/度，储能谁在赚钱？｜前线",
        "1.2版发布，2.0版明年见",
        "Things get busy this week in a long trial",
        "Scammers call at night: here's what to watch for",
        "Will exports recover? Here's what to watch",
        "US weekly jobless claims: fewer than feared",
        "Acme bans newsletter links",
        "Phone 2 review roundup: hold your money",
        "你如何看“有房；有车；有存款”就是幸福？",
        "诊断报告；它为什么重要；",
        "一周岁的小熊猫公开亮相",
        "A front page drew attention to stories of the day",
        "My first week in office: what I learned",
        "Acme shares rise; index slips",
        "loop {for i; p = 2; q} may never end",
        "杭州 | 平台研发 | 不加班",
        "蔚来美股收盘大涨",
        "复盘一家公司的十年",
        "第72期培训班开班",
    ],
)
def test_no_digest(title):
    """An article is no round-up for a word that occurs in such names."""
    assert not is_digest(title)

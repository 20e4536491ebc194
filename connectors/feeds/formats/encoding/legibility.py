"""Tell how legible a decoded text is: a wrong encoding gives rare characters."""

from __future__ import annotations

import re

# The characters that half of any Chinese text is made of, in both scripts, and their
# counterparts in Japanese and Korean. A text decoded wrongly has few of them by accident.
_SIMPLIFIED = (
    "的一是不了在人有我他这中大来上个国到说们为子和你地出道也时年得就那要下以生会自着去之过家"
    "学对可她里后小么心多天而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见"
    "经头面公同三已老从动两长知民样现分将外但身些与高意进把法此实回二理美点月明其种声全工己话"
    "儿者向情部正名定女问力机给等几很业最间新什打便位因重被走电四第门相次东政海口使教西再平真"
    "听世气信北少关并内加化由却代军产入先山五太水万市眼体别处总才场师书比住员九笑性通目华报立"
    "马命张活难神数件安表原车白应路期叫死常提感金何更反合放做系计或司利受光王果亲界及今京务制"
    "解各任至清物台象记边共风战干接它许八特觉望直服毛林题建南度统色字请交爱让认算论百吃义科怎"
    "元社术结六功指思非流每青管夫连远资队跟带花快条院变联言权往展该领传近留红治决周保达办运武"
    "半候七必城父强步完革深区即求品士转量空甚众技轻程告江语英基派满式李息写呢识极令黄德收脸钱"
    "党倒未持取设始版双历越史商千片容研像找友孩站广改议形委早房音火际则首单据导影失拿网香似斯"
    "专石若兵弟谁校读志飞观争究包组造落视济喜离虽坏兴约据增价股票亿投融券银行企购汽智芯模型降"
    "涨跌称布显示存推超云算源池新闻记者公告首批规监消费售客户平台手机游戏软硬件系列全球欧韩"
)
_TRADITIONAL = (
    "這來個國說們為時會過對裡後麼沒於還發當無開見經頭從動兩長樣現將與進實點種聲話兒問機給幾業"
    "間門東聽氣關並內產萬體別處總場師書員華報馬張難車應係計親務邊風戰許覺題統請愛讓認論義術結"
    "連遠資隊帶條變聯權該領傳紅決達辦運強區轉眾輕語滿寫識極錢黨設雙歷廣議際則單據導網專誰讀飛"
    "觀爭組濟離雖興約價億億銀購晶片軟硬體漲稱顯雲聞規監費戶臺灣歐韓記絡數據億營電腦訊"
)
_KANA = "".join(map(chr, (*range(0x3041, 0x3094), *range(0x30A1, 0x30FD))))
_HANGUL = (
    "이다의가는을에하고지한로기사도리인시어대자은들나서해있를일수정그아전부보과제장주국으구라만"
    "상공여성유원비조동면요년신중등모안경마진선위게학관소했연것오적용전식명세방발합미군민간회"
    "터스트던까행치실무업니까습분더야관개내때월본화문물출생각"
)
_MARKS = "、。，！？：；“”‘’《》（）【】「」『』…—·～％￥　"
COMMON = frozenset(_SIMPLIFIED + _TRADITIONAL + _KANA + _HANGUL + _MARKS)
# The first planes of the national sets hold what is in use, though not as often.
_IN_USE = frozenset(
    bytes((high, low)).decode(codec, "ignore")
    for codec, highs, lows in (
        ("gb2312", range(0xB0, 0xD8), range(0xA1, 0xFF)),
        ("big5", range(0xA4, 0xC7), (*range(0x40, 0x7F), *range(0xA1, 0xFF))),
    )
    for high in highs
    for low in lows
)
# Nobody writes these: characters without a meaning, halves of Japanese letters, "\ufffd".
_UNUSED = frozenset(
    map(chr, (*range(0xE000, 0xF900), *range(0xFF61, 0xFFA0), 0xFFFD, *range(0x80, 0xA0)))
)
# Right readings have 0.6 and more, wrong ones 0.3 and less.
LEGIBLE, SURELY_LEGIBLE = 0.45, 0.6
_EUROPEAN = frozenset("‘’“”‚„–—…€«»°£§©®™´·•\xa0¿")
_SAMPLE = 20_000
_FOREIGN = re.compile(r"[^\x00-\x7f]+")


def legibility(text: str) -> float:
    """Return how common the characters of *text* are that are not ASCII, 1 at best."""
    foreign = "".join(_FOREIGN.findall(text)[:_SAMPLE])[:_SAMPLE]
    return sum(map(_weight, foreign)) / len(foreign) if foreign else 0.0


def _weight(character: str) -> float:
    if character in COMMON:
        return 1
    if character in _IN_USE:
        return 0.5
    return -0.5 if character in _UNUSED else 0


def is_sparse(text: str) -> bool:
    """Tell a European text, whose accents stand alone, from one in pairs of bytes."""
    runs = _FOREIGN.findall(text)
    foreign = "".join(runs)
    accented, letters = sum(map(str.isalpha, foreign)), sum(map(str.isalpha, text))
    european = accented + sum(map(_EUROPEAN.__contains__, foreign))
    is_thin = len(foreign) < 2 * len(runs) and accented < letters / 2
    return is_thin and european > 0.8 * len(foreign)

"""Encoding of a document, by its bytes before its labels, so no mojibake."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

_DECLARATION = re.compile(rb"^\s*<\?xml[^>]*?\?>", re.DOTALL)
_DECLARED = re.compile(
    rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']\s*([A-Za-z0-9._:-]+)\s*["']""", re.DOTALL
)
_CHARSET = re.compile(r"""charset\s*+=\s*+["']?\s*+([\w.:-]+)""", re.IGNORECASE)
# Characters that XML forbids: one of them makes a whole feed not well-formed.
_FORBIDDEN = bytes([*range(9), 11, 12, *range(14, 32)])
_NONCHARACTER = re.compile("\ufffe|\uffff".encode())
_FEW = 60
_WORD = 4  # fewer characters prove nothing against a label
# Seven-bit encodings are valid UTF-8 by their bytes, so their label is all there is.
_SEVEN_BIT = re.compile(r"iso-2022|hz|utf-?7", re.IGNORECASE)
# The second byte of a Chinese, Japanese or Korean character is never one of these, so
# texts between them are whole in every encoding. A text begins behind one of them, so that
# a long one without such bytes is looked at once.
_SEGMENT = re.compile(rb"(?<![^<>])[^<>\x80-\xff]*+[\x80-\xff][^<>]*")
XML_DECLARATION = b'<?xml version="1.0" encoding="utf-8"?>'
# Byte order marks, longest first, then a "<" as each wide encoding writes it.
MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)
# What is tried without a label; of those that read all bytes, the most legible is taken.
GUESSES = ("gb18030", "big5hkscs", "cp932", "euc_jp", "cp949")
_SINGLE_BYTE = ("cp125", "cp874", "koi8", "iso8859", "mac", "cp437", "cp85", "latin")
# Pages label the wider encoding with the narrower name; browsers decode them this way.
_MEANT = {
    "gb18030": """gb2312 gbk x-gbk gb_2312-80 gb_2312 gb2312-80 gb-2312 csgb2312 iso-ir-58
        chinese csiso58gb231280 gb18030-2000 gb-18030 cp936 ms936 windows-936 euc-cn euccn
        x-euc-cn""",
    "big5hkscs": """big5 big-5 big5-hkscs cn-big5 csbig5 x-x-big5 cp950 ms950 windows-950
        x-big5""",
    "cp932": "shift_jis shift-jis sjis x-sjis ms_kanji csshiftjis windows-31j ms932",
    "euc_jp": "euc-jp x-euc-jp eucjp cseucpkdfmtjapanese",
    "cp949": """euc-kr euc_kr euckr cseuckr korean ks_c_5601-1987 ks_c_5601-1989 ksc5601
        ksc_5601 iso-ir-149 windows-949 ms949 uhc""",
    "cp1252": """iso-8859-1 iso8859-1 iso_8859-1 latin1 latin-1 l1 us-ascii ascii ansi cp819
        ansi_x3.4-1968 ibm819 windows-1252 x-cp1252 iso-ir-100 iso88591""",
    "cp1254": "iso-8859-9 iso8859-9 latin5 l5 windows-1254 x-cp1254",
    "cp874": "tis-620 iso-8859-11 windows-874 dos-874",
    "utf-8": "utf8 utf_8 unicode-1-1-utf-8 x-unicode20utf8 utf-8-sig utf8mb4",
}
_CODECS = {name: codec for codec, names in _MEANT.items() for name in names.split()}
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


@dataclass(frozen=True, slots=True)
class Decoded:
    """A document's bytes and its charset, "" if the parser has to find it.

    ``encoding`` is what the bytes were in as they came.
    """

    body: bytes
    charset: str
    note: str = ""
    encoding: str = ""


def repair_encoding(body: bytes, content_type: str = "") -> Decoded:
    """Return *body* in UTF-8 where its encoding can be detected, else unchanged.

    Bytes that are valid UTF-8 are UTF-8 whatever the labels say. Others are
    read as the labels say if that makes a legible text, else as the Chinese
    encoding that does: much of the Chinese web writes GB 18030 or Big5 under
    another label. A document may mix: each text in it is read on its own.
    """
    if wide := _wide(body):
        return wide
    labels = _labels(body, content_type)
    if any(_SEVEN_BIT.match(label) for label in labels) and body.isascii():
        return Decoded(body, "")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return _from_other(body, labels)
    wrong = [label for label in labels if codec_of(label) != "utf-8"]
    if not wrong or body.isascii():
        return _utf8(body, "", "utf-8")
    if codec := _labelled_pairs(body, text, wrong):
        return _utf8(body.decode(codec, "replace").encode(), "", codec)
    return _utf8(body, f"declared {wrong[0]}, but its bytes are UTF-8", "utf-8")


def _wide(body: bytes) -> Decoded | None:
    """Decode UTF-16 and UTF-32, by a byte order mark or the zeros around the first "<"."""
    for mark, encoding in MARKS:
        if body.startswith(mark):
            text = body.decode(encoding, "replace").removeprefix("\ufeff")
            if "<" in text[:1000]:
                return _utf8(text.encode("utf-8", "replace"), "", encoding)
    return None


def _labels(body: bytes, content_type: str) -> list[str]:
    """Return the charsets that the server and the document declare, the likelier first.

    Servers send us-ascii and iso-8859-1 for whatever they know nothing of.
    """
    labels = []
    if found := _CHARSET.search(content_type):
        labels.append(found[1].lower())
    if inside := _DECLARED.match(body[:400]):
        labels.append(inside[1].decode("ascii").lower())
    return sorted(labels, key=lambda label: codec_of(label) in {"cp1252", "utf-8"})


def _from_other(body: bytes, labels: list[str]) -> Decoded:
    texts = _SEGMENT.findall(body)
    broken = b"\n".join(text for text in texts if not _is_utf8(text))
    whole = b"\n".join(text for text in texts if _is_utf8(text))
    codec = _codec_for(broken, labels)
    lost, kept = _lost(broken), _foreign(whole) + _foreign(broken)
    if not codec and kept <= lost * 10:
        return Decoded(body, "", "its encoding could not be told")
    text = _SEGMENT.sub(lambda found: _read(found[0], codec), body)
    if not codec or (kept > lost * 10 and is_single_byte(codec)):
        return _utf8(
            text, f"{lost} broken UTF-8 characters were repaired or replaced", "utf-8"
        )
    if _foreign(whole) > _foreign(broken):
        return _utf8(text, f"some of its texts are {codec}, the others UTF-8", "utf-8")
    is_named = any(codec_of(label) == codec for label in labels)
    note = "" if is_named else f"its bytes are {codec}, whatever it declares"
    return _utf8(text, note, codec)


def _labelled_pairs(body: bytes, text: str, labels: list[str]) -> str:
    """Return the declared Chinese encoding where a few byte pairs are legible in it.

    Pairs can be UTF-8 by chance, in the letters of other alphabets; three bytes cannot.
    """
    if len(body) - len(text) > _FEW or any(c >= "\u0800" for c in text):
        return ""
    for codec in (codec for label in labels if (codec := codec_of(label)) in GUESSES):
        reading = _strict(body, codec)
        if reading and legibility(reading) > SURELY_LEGIBLE:
            return codec
    return ""


def _is_utf8(text: bytes) -> bool:
    """Tell whether *text* is UTF-8 of ASCII and three-byte characters, as Chinese is."""
    try:
        characters = text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return all(c.isascii() or c >= "\u0800" for c in characters)


def _lost(text: bytes) -> int:
    return text.decode("utf-8", "replace").count("\ufffd")


def _foreign(text: bytes) -> int:
    characters = text.decode("utf-8", "replace")
    return sum(not c.isascii() for c in characters) - characters.count("\ufffd")


def _codec_for(text: bytes, labels: list[str]) -> str:
    """Return the encoding in which *text* is legible, preferably a declared one.

    A label is believed where no other reading is better by far: a name of two
    rare characters proves nothing.
    """
    named = [codec for label in labels if (codec := codec_of(label)) not in {"", "utf-8"}]
    readings = {codec: _strict(text, codec) for codec in dict.fromkeys([*named, *GUESSES])}
    scores = {codec: legibility(read) for codec, read in readings.items() if read}
    trusted = next((codec for codec in named if codec in scores), "")
    best = max(scores, key=scores.__getitem__, default="")
    if trusted and is_single_byte(trusted) and is_sparse(readings[trusted] or ""):
        return trusted
    # Windows' own Latin is what Europe writes under any other name.
    if scores.get(trusted, 0) < LEGIBLE and is_sparse(text.decode("cp1252", "replace")):
        return "cp1252"
    if trusted and not is_single_byte(trusted) and _is_a_word(readings[trusted] or ""):
        return trusted
    if best and scores[best] > max(LEGIBLE, 1.5 * scores.get(trusted, 0)):
        return best
    return trusted


def _is_a_word(reading: str) -> bool:
    return sum(not c.isascii() for c in reading) < _WORD and legibility(reading) >= 0


def _strict(text: bytes, codec: str) -> str | None:
    try:
        return text.decode(codec)
    except (LookupError, ValueError):
        # A broken character or two do not speak against an encoding.
        read = text.decode(codec, "replace")
        return read if read.count("\ufffd") * 50 < len(read) else None


def _read(text: bytes, codec: str) -> bytes:
    """Decode one text as UTF-8, else in *codec* where that is more legible."""
    if _is_utf8(text):
        return text
    lenient = text.decode("utf-8", "replace")
    if not codec or (is_single_byte(codec) and _foreign(text) > _lost(text)):
        return lenient.encode()
    other = text.decode(codec, "replace")
    is_worse = legibility(other) < legibility(lenient)
    return (lenient if is_worse else other).encode("utf-8", "replace")


def _utf8(body: bytes, note: str, encoding: str) -> Decoded:
    body = body.removeprefix(codecs.BOM_UTF8).translate(None, _FORBIDDEN).lstrip()
    body = _NONCHARACTER.sub(b"", body)
    if declaration := _DECLARATION.match(body):
        body = XML_DECLARATION + body[declaration.end() :]
    return Decoded(body, "utf-8", note, encoding)


def codec_of(label: str) -> str:
    """Return the codec that *label* names, "" if it names none for text."""
    label = label.strip().lower()
    if codec := _CODECS.get(label):
        return codec
    try:
        name = codecs.lookup(label).name
        # "base64" is a codec, but "x".encode() refuses it.
        "x".encode(name)
    except (LookupError, ValueError):
        # No such encoding ("x-user-defined"), or none of text ("base64").
        return ""
    return _CODECS.get(name, name)


def is_single_byte(codec: str) -> bool:
    """Tell whether *codec* maps each byte to a character, so that it reads anything."""
    return codec.startswith(_SINGLE_BYTE)


def legibility(text: str) -> float:
    """Return how common the non-ASCII characters of *text* are, 1 at best."""
    foreign = "".join(_FOREIGN.findall(text)[:_SAMPLE])[:_SAMPLE]
    return sum(map(_weight, foreign)) / len(foreign) if foreign else 0.0


def _weight(character: str) -> float:
    if character in COMMON:
        return 1
    if character in _IN_USE:
        return 0.5
    return -0.5 if character in _UNUSED else 0


def is_sparse(text: str) -> bool:
    """Tell whether *text* is European: its accented letters stand alone, not in pairs."""
    runs = _FOREIGN.findall(text)
    foreign = "".join(runs)
    accented, letters = sum(map(str.isalpha, foreign)), sum(map(str.isalpha, text))
    european = accented + sum(map(_EUROPEAN.__contains__, foreign))
    is_thin = len(foreign) < 2 * len(runs) and accented < letters / 2
    return is_thin and european > 0.8 * len(foreign)

"""Headlines in any script: words of each are words, and each script has its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from builders import shipped_beat

from transforms.stories.candidates import glance, worth_reading
from transforms.stories.features import signs_of, story_keys
from transforms.stories.pairs.similarity import StoryText, compare

LEXICON = shipped_beat().concepts
_NOBODY = frozenset(), frozenset()
NOON = datetime(2026, 8, 4, 12, tzinfo=UTC)
OTHER, ONE = 0.3, 0.74

# All of it is invented, as the firms are.
ONE_EVENT = {
    "hangul": [
        ("한솔로보틱스 부산 공장에서 화재 발생", "한솔로보틱스 부산 공장 화재…2명 부상"),
        ("새벽전자, 미국에 배터리 공장 짓는다", "새벽전자 미국 배터리 공장 건설 발표"),
        ("정부, 반도체 수출 규제 완화 발표", "정부 반도체 수출 규제 완화한다"),
        ("은하자동차 전기차 3만대 리콜", "은하자동차, 전기차 3만대 리콜 실시"),
        ("별빛게임즈 대표이사 사임", "별빛게임즈 대표 사임…후임은 미정"),
    ],
    "cyrillic": [
        ("Пожар на заводе Волнамаш в Туле", "На заводе Волнамаш в Туле произошёл пожар"),
        (
            "Северсвязь запустила спутниковый интернет в Арктике",
            "В Арктике заработал спутниковый интернет Северсвязи",
        ),
        (
            "Суд оштрафовал Лунапей на 3 млн рублей",
            "Лунапей оштрафован судом на 3 млн рублей",
        ),
        (
            "Глава Заряброна уходит в отставку",
            "Глава Заряброна подал в отставку",
        ),
        (
            "Минцифры представило правила для нейросетей",
            "Минцифры опубликовало правила для нейросетей",
        ),
    ],
    "arabic": [
        ("حريق في مصنع نجمة للبطاريات بالإسكندرية", "اندلاع حريق في مصنع نجمة للبطاريات"),
        ("شركة مرجان تطلق سيارة كهربائية جديدة", "مرجان تطلق سيارتها الكهربائية الجديدة"),
        (
            "الحكومة تعلن قواعد جديدة للذكاء الاصطناعي",
            "قواعد جديدة للذكاء الاصطناعي تعلنها الحكومة",
        ),
        ("استقالة رئيس بنك الواحة", "رئيس بنك الواحة يعلن استقالته"),
        ("تغريم منصة سوقنا 5 ملايين درهم", "غرامة 5 ملايين درهم على منصة سوقنا"),
    ],
}
OTHER_EVENTS = {
    "hangul": [
        ("한솔로보틱스 부산 공장에서 화재 발생", "한솔로보틱스, 독일 기업과 공급 계약"),
        ("새벽전자, 미국에 배터리 공장 짓는다", "새벽전자 대표이사 사임"),
        ("은하자동차 전기차 3만대 리콜", "은하자동차 2분기 영업이익 증가"),
        ("정부, 반도체 수출 규제 완화 발표", "별빛게임즈 신작 공개"),
        ("한솔로보틱스 부산 공장에서 화재 발생", "정부, 부산에 공항 짓는다"),
    ],
    "cyrillic": [
        ("Пожар на заводе Волнамаш в Туле", "Волнамаш заключил контракт с Индией"),
        ("Суд оштрафовал Лунапей на 3 млн рублей", "Лунапей купил долю в Заряброне"),
        ("Глава Заряброна уходит в отставку", "Заряброн выпустил новый процессор"),
        ("Северсвязь запустила спутниковый интернет", "Минцифры представило правила"),
        ("Пожар на заводе Волнамаш в Туле", "В Туле открылся новый технопарк"),
    ],
    "arabic": [
        ("حريق في مصنع نجمة للبطاريات بالإسكندرية", "نجمة توقع عقدا مع شركة هندية"),
        ("شركة مرجان تطلق سيارة كهربائية جديدة", "أرباح مرجان ترتفع في الربع الثاني"),
        ("استقالة رئيس بنك الواحة", "بنك الواحة يفتتح فرعا في دبي"),
        ("تغريم منصة سوقنا 5 ملايين درهم", "الحكومة تعلن قواعد جديدة"),
        ("حريق في مصنع نجمة للبطاريات بالإسكندرية", "افتتاح ميناء جديد بالإسكندرية"),
    ],
}


def _cases(pairs):
    return [
        pytest.param(script, *pair, id=f"{script}-{number}")
        for script, found in pairs.items()
        for number, pair in enumerate(found)
    ]


def _score(one, other):
    a = StoryText(title=one, published_at=NOON)
    b = StoryText(title=other, published_at=NOON + timedelta(hours=3))
    return compare(a, b, LEXICON).score


@pytest.mark.parametrize(("script", "one", "other"), _cases(ONE_EVENT))
def test_tellings_of_one_event_are_alike(script, one, other):
    """Words of any script are words, whatever their endings."""
    assert signs_of(one).script == signs_of(other).script == script
    assert _score(one, other) >= ONE
    assert set(story_keys(one)) & set(story_keys(other))
    assert worth_reading(glance(one, LEXICON), glance(other, LEXICON), *_NOBODY)


@pytest.mark.parametrize(("script", "one", "other"), _cases(OTHER_EVENTS))
def test_other_events_are_not(script, one, other):
    """A fire, a contract, a resignation: no letters in common, and no story."""
    assert signs_of(one).script == signs_of(other).script == script
    assert _score(one, other) < OTHER


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(
            "Pozhar na zavode", "Пожар на заводе Волнамаш", id="no sign in common"
        ),
        pytest.param(
            "한솔로보틱스 공장 화재", "Пожар на заводе Волнамаш", id="two scripts"
        ),
    ],
)
def test_scripts_meet_by_names_and_numbers_alone(one, other):
    """Letters of two scripts have nothing in common."""
    assert _score(one, other) == 0


def test_a_latin_name_and_a_figure_bridge_scripts():
    """As between English and Chinese: Lumo's plant is worth $3.4 billion in both."""
    russian = "Lumo построит завод за $3.4 billion"
    english = "Lumo to build a plant for $3.4 billion"

    assert _score(russian, english) > _score("Lumo построит завод", english)

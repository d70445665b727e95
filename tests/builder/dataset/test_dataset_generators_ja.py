"""Japanese constructions: 就業規則のような文から、何が問われるか。"""

from __future__ import annotations

import pytest
from dataset_cases import chunk_of

from builder.config import DatasetSection
from builder.dataset.generate import Material, generate
from builder.records import QAPair

ALL = DatasetSection(wordings=12, no_answer_share=0.0)


def made(text: str, *headings: str, title: str = "就業規則") -> list[QAPair]:
    chunk = chunk_of(text, headings=headings, title=title, language="ja")
    return list(generate(Material([chunk], []), ALL))


@pytest.mark.parametrize(
    ("text", "heading", "question", "answer"),
    [
        (
            "正社員の1週間の所定労働時間は、30時間とする。",
            "第23条（労働時間）",
            "正社員の1週間の所定労働時間は、何時間ですか？",
            "正社員の1週間の所定労働時間は、30時間とします。",
        ),
        (
            "書籍購入補助を希望する者は、購入日から60日以内に申請を行わなければならない。",
            "書籍購入補助",
            "書籍購入補助を希望する者は、いつまでに申請を行えばよいですか？",
            "書籍購入補助を希望する者は、購入日から60日以内に申請を行わなければなりません。",
        ),
        (
            "社員証を紛失した場合は、直ちに人事課へ報告しなければならない。",
            "社員証",
            "社員証を紛失した場合は、どうすればいいですか？",
            "社員証を紛失した場合は、直ちに人事課へ報告しなければなりません。",
        ),
        (
            "購入した商品を転売してはならない。",
            "商品の購入",
            "購入した商品を転売してもいいですか？",
            "いいえ。購入した商品を転売してはいけません。",
        ),
        (
            "年次有給休暇は半日単位で取得できる。",
            "年次有給休暇",
            "年次有給休暇は半日単位で取得できますか？",
            "はい。年次有給休暇は半日単位で取得できます。",
        ),
        (
            "問い合わせは人事課（内線7120）へ。\n人事課（内線7120）",
            "窓口",
            "人事課の電話番号を教えてください。",
            "内線7120です。",
        ),
    ],
)
def test_a_rule_is_asked_for(text: str, heading: str, question: str, answer: str) -> None:
    found = {pair.question: pair for pair in made(text, heading)}
    assert question in found, sorted(found)
    assert found[question].answer == answer
    assert found[question].quote in text


def test_lists_with_amounts_name_their_subject() -> None:
    items = "1. 本人が結婚したとき・・・5日\n2. 妻が出産したとき・・・3日"
    text = f"慶弔休暇は、次のとおりとする。\n{items}"
    pairs = [p for p in made(text, "慶弔休暇") if p.answer == "5日です。"]
    assert pairs
    assert all("結婚" in p.question and "慶弔休暇" in p.question for p in pairs)


def test_lists_are_asked_as_wholes() -> None:
    text = "賃金の構成は、次のとおりとする。\n- 基本給\n- 交通手当"
    pairs = [pair for pair in made(text, "賃金") if pair.kind == "list"]
    assert {pair.answer for pair in pairs} == {"基本給、交通手当です。"}
    assert "賃金の構成を教えてください。" in {pair.question for pair in pairs}


def test_rows_that_are_named_by_a_number_are_asked_with_their_column() -> None:
    text = "| 清算期間の暦日数 | 総労働時間 |\n| 31日 | 132.8時間 |"
    pairs = made(text, "総労働時間")
    assert any("清算期間の暦日数が31日の場合" in pair.question for pair in pairs)
    assert {pair.answer for pair in pairs} == {"132.8時間です。"}


def test_the_rule_book_is_called_by_its_title() -> None:
    pairs = made("この規則は、令和2年4月21日から施行する。", "附則", title="賃金規程")
    assert "賃金規程は、いつから施行されますか？" in {pair.question for pair in pairs}


@pytest.mark.parametrize(
    "text",
    [
        "前項の場合は、会社に届け出なければならない。",
        "ただし、この限りでない。",
        "これを超える場合は、その者に支給する。",
        "休日は、次のとおりとする。",
    ],
)
def test_what_depends_on_its_passage_is_left_alone(text: str) -> None:
    assert made(text) == []

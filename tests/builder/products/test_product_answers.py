"""Questions about products: exact answers from the table, or none."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from product_shop import Shop, shop_of

LINES = (Path(__file__).parent / "product_questions.jsonl").read_text("utf-8").splitlines()
CASES = [json.loads(line) for line in LINES]
FOODS = (
    "食品番号,食品名,エネルギー(kcal),たんぱく質(g),ナトリウム(mg),食物繊維総量(g),別名\n"
    "10001,＜魚類＞　たら　生,77,17.6,110,0,\n"
    "10002,＜魚類＞　さば　生,211,20.6,110,0,まさば\n"
    "11001,＜鳥肉類＞　にわとり　むね　皮つき　生,133,21.3,42,0,\n"
    "11002,＜鳥肉類＞　にわとり　もも　皮なし　生,113,19.0,60,,\n"
    "17001,＜調味料類＞　魚しょうゆ,40,9.1,9000,,\n"
)
PHONES = (
    "SKU,Name,Price,Bluetooth,Cord length,Dishwasher safe,Weight (kg)\n"
    "PH-100,Alto Headset,$49.90,5.3,1.2 m,no,0.2\n"
    "PH-200,Brio Headset,$89.00,,2 m,yes,0.35\n"
)


@pytest.mark.parametrize("case", CASES, ids=[case["question"] for case in CASES])
def test_a_product_question_is_answered_exactly(case: dict[str, Any], sample_shop: Shop) -> None:
    said = sample_shop.asked(case["question"], case.get("history", ()))
    assert (said.text if said else None) == case["answer"]
    assert (said.refused if said else False) == case.get("refused", False)


@pytest.mark.parametrize("case", CASES, ids=[case["question"] for case in CASES])
def test_every_quote_stands_in_the_cited_row(case: dict[str, Any], sample_shop: Shop) -> None:
    said = sample_shop.asked(case["question"], case.get("history", ()))
    rows = {(e.chunk.source, e.chunk.locator): e.chunk.text for e in sample_shop.entries.values()}
    for citation in said.citations if said else ():
        assert citation.quote
        assert citation.quote in rows[citation.source, citation.locator]


def test_a_value_is_cited_with_its_line(sample_shop: Shop) -> None:
    said = sample_shop.asked("K-210の重さは?")
    assert said is not None
    assert [c.quote for c in said.citations] == ["重量: 約0.95kg"]


def test_who_may_not_read_a_row_is_told_as_if_it_were_not_there(sample_shop: Shop) -> None:
    hidden = frozenset({"K-90T", "K-210"})
    lightest = sample_shop.asked("What is the lightest kettle?", hidden=hidden)
    assert lightest is not None
    assert lightest.text == "Shizuku Electric Kettle (K-120): weight approx. 0.78 kg"
    counted = sample_shop.asked("How many kettles do you have?", hidden=hidden)
    assert counted is not None
    assert counted.text.startswith("There are 4 products.")
    unknown = sample_shop.asked("How much is the K-210?", hidden=hidden)
    assert unknown is not None
    assert unknown.refused
    assert "6,980" not in unknown.text


def test_a_word_that_only_hidden_rows_state_filters_nothing(sample_shop: Shop) -> None:
    pink = frozenset(
        entry.product.sku
        for entry in sample_shop.entries.values()
        if "pink" in str(entry.product) or "ピンク" in str(entry.product)
    )
    assert pink
    for question in ("Which kettles are pink?", "ピンクのケトルはありますか？"):
        assert sample_shop.asked(question) is not None
        hidden = sample_shop.asked(question, hidden=pink)
        never = sample_shop.asked(question.replace("pink", "turquoise").replace("ピンク", "藍鼠"))
        assert hidden == never


def test_a_question_changes_nothing_in_the_table(sample_shop: Shop) -> None:
    before = sample_shop.path.read_bytes()
    for question in ("'; DROP TABLE products; --", "price'); DELETE FROM facts; --", 'K-210" OR 1'):
        sample_shop.asked(question)
    assert sample_shop.path.read_bytes() == before
    with sqlite3.connect(sample_shop.path) as db:
        assert db.execute("SELECT count(*) FROM products").fetchone() == (106,)


@pytest.fixture(scope="module")
def foods(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    folder = tmp_path_factory.mktemp("foods")
    (folder / "foods.csv").write_text(FOODS, encoding="utf-8")
    return shop_of(folder.parent / "foods.db", folder)


def test_any_column_can_be_asked_for(foods: Shop) -> None:
    assert foods.text("鶏むね肉のタンパク質は?") == (
        "＜鳥肉類＞　にわとり　むね　皮つき　生（11001）のたんぱく質は21.3 gです。"
    )
    assert (
        foods.text("まさばのナトリウムは？")
        == "＜魚類＞　さば　生（10002）のナトリウムは110 mgです。"
    )


def test_a_class_of_foods_is_not_the_foods_with_that_letter_in_their_name(foods: Shop) -> None:
    said = foods.text("一番カロリーが低い魚は？")
    assert said == "＜魚類＞　たら　生（10001）: エネルギー 77 kcal"


def test_a_basis_that_the_headings_do_not_state_is_not_confirmed(foods: Shop) -> None:
    said = foods.text("100gあたりのカロリーが一番低い魚は?")
    assert said is not None
    assert said.startswith("＜魚類＞　たら　生（10001）: エネルギー 77 kcal\n")
    assert "見出しに書かれていません" in said


def test_the_beginning_of_one_heading_is_enough(foods: Shop) -> None:
    assert foods.text("たらの食物繊維は？") == "＜魚類＞　たら　生（10001）の食物繊維総量は0です。"


def test_products_without_the_value_are_named(foods: Shop) -> None:
    said = foods.text("食物繊維が一番少ない鳥肉類は？")
    assert said is not None
    assert "除いた商品: ＜鳥肉類＞　にわとり　もも　皮なし　生（11002）" in said


@pytest.fixture(scope="module")
def phones(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    folder = tmp_path_factory.mktemp("phones")
    (folder / "phones.csv").write_text(PHONES, encoding="utf-8")
    return shop_of(folder.parent / "phones.db", folder)


def test_columns_of_the_catalogues_own_are_asked_for_by_their_headings(phones: Shop) -> None:
    assert phones.text("Which Bluetooth does the PH-100 have?") == (
        "The bluetooth of the Alto Headset (PH-100) is 5.3."
    )
    assert phones.text("What's the cord length of the Brio?") == (
        "The cord length of the Brio Headset (PH-200) is 2 m."
    )
    assert phones.text("Is the PH-200 dishwasher safe?") == (
        "Yes. The dishwasher safe of the Brio Headset (PH-200) is yes."
    )


def test_a_bare_figure_has_the_unit_of_its_heading(phones: Shop) -> None:
    assert phones.text("How heavy is the PH-100?") == (
        "The weight of the Alto Headset (PH-100) is 0.2 kg."
    )


def test_dollars_are_dollars(phones: Shop) -> None:
    said = phones.text("Which headsets cost less than $60?")
    assert said == "There is 1 product.\n- Alto Headset (PH-100): price $49.90"
    assert phones.text("Which headsets cost less than 60 yen?") == (
        "No product in the catalogue matches."
    )


def test_a_table_of_an_earlier_version_is_not_read(foods: Shop, tmp_path: Path) -> None:
    old = tmp_path / "products.db"
    shop = Shop(old, list(foods.entries.values()))
    assert shop.text("まさばのナトリウムは？") is not None
    with sqlite3.connect(old) as db:
        db.execute("PRAGMA user_version = 1")
    assert shop.reopened().text("まさばのナトリウムは？") is None


def test_headings_that_differ_in_parentheses_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "c").mkdir()
    rows = "品番,品名,価格,納期（標準）,納期（特急）,鉄\nA-1,ねじ,100円,10日,2日,あり\n"
    (tmp_path / "c" / "c.csv").write_text(rows, encoding="utf-8")
    shop = shop_of(tmp_path / "p.db", tmp_path / "c")
    assert shop.text("A-1の納期(特急)は？") == "ねじ（A-1）の納期（特急）は2日です。"
    assert shop.text("A-1の納期は？") is None
    assert shop.text("A-1の鉄は？") == "ねじ（A-1）の鉄はありです。"


def test_an_empty_bot_answers_nothing(tmp_path: Path) -> None:
    from builder.products.answer import ProductAnswers
    from builder.records import Question

    assert ProductAnswers(tmp_path / "none.db").answer(Question("q", "K-210?"), set()) is None

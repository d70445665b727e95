"""What catalogues call that for which people ask in other words."""

from __future__ import annotations

import pytest

from builder.products.attributes import column_names


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("How heavy is the K-210 with water in it?", ["weight"]),
        ("How much does the K-210 weigh?", ["weight"]),
        ("How much is the K-210?", ["price"]),
        ("How much can the K-210 hold?", ["capacity"]),
        ("Is the K-210 cheap, really?", ["price"]),
        ("How wide is it, and is there a guarantee?", ["width", "dimensions", "warranty"]),
        ("How long is the K-210?", ["length", "dimensions"]),
        ("How long is the guarantee on the K-210?", ["warranty"]),
        ("K-210は何キロですか", ["重量"]),
        ("Ｋ－２１０のサイズとお値段は？", ["価格", "寸法"]),
        ("K-210はありますか", ["在庫"]),
        ("K-210の高さは？", ["高さ", "寸法"]),
        ("What is the K-210 good for?", []),
        ("K-210について教えて", []),
    ],
)
def test_a_question_names_columns_in_its_own_language(question: str, names: list[str]) -> None:
    assert column_names(question, "Yune Electric Kettle") == names


def test_words_of_the_products_name_ask_for_nothing() -> None:
    assert column_names("How heavy is the Salt Mill?", "Salt Mill\nPepper Mill") == ["weight"]
    assert column_names("How heavy is the salt?", "Pepper Mill") == ["weight", "salt"]

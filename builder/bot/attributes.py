"""What a question about a product asks for, in the words that catalogues use for it."""

from __future__ import annotations

import re

ASKED = (
    (r"how much(?! (?:does|do) .*weigh)|\bcosts?\b|expensive|cheap", "price"),
    (r"how heavy|weigh", "weight"),
    (r"how (?:big|large|wide|tall|deep)|\bsize\b|measure", "dimensions"),
    (r"how (?:many litres|many liters)|hold\b", "capacity"),
    (r"in stock|available|availability", "stock"),
    (r"いくら|値段|お値段|金額", "価格"),
    (r"重さ|何キロ|何kg|何g", "重量"),
    (r"大きさ|サイズ|幅|高さ|奥行", "寸法"),
    (r"何リットル|どれくらい入", "容量"),
    (r"在庫|ありますか", "在庫"),
)


def with_column_names(question: str) -> str:
    """The question, followed by the column names of what it asks for in other words."""
    found = [name for pattern, name in ASKED if re.search(pattern, question, re.IGNORECASE)]
    return " ".join([question, *found])

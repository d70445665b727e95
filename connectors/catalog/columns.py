"""Which column of a table means what, by the table of names in `headings` and by bot.toml."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from connectors.catalog import headings
from connectors.catalog.units import normalize_width

Corrections = Mapping[str, str]
"""Heading (as `key_of` gives it) → field, `attribute` or `ignore`, as bot.toml has it."""

NO_CORRECTIONS: Corrections = {}
_LAST = 9  # the rank of names that only a pattern knows
_PATTERNS = (
    (
        "sku",
        re.compile(r"(商品|製品|食品|部品|品目|アイテム|資材|材料|薬品)(番号|コード|code|no|型番)"),
    ),
    ("price", re.compile(r".*価格|price.*|.*price")),
)
_OPTION = re.compile(
    r"option(?P<english>\d)value|(?:規格分類|バリエーション|選択肢)(?:名)?(?P<japanese>\d)(?:名)?"
)
_GOOGLE = re.compile(r"^g:(?=\w)")
_BRIEF = re.compile(r"[\(（]一覧[\)）]")
_OTHER_MARKET = re.compile(r"^(?:included|price|compare[- ]at price|google shopping)\s*/", re.I)


def key_of(label: str) -> str:
    """A heading without width, case, spaces, punctuation and parentheses."""
    plain = _GOOGLE.sub("", normalize_width(label).lower())
    plain = re.sub(r"[\(\[【〔<].*?[\)\]】〕>]", "", plain) or plain
    return re.sub(r"[\s_\-./:*#・:,]", "", plain)


def corrections_of(columns: Sequence[tuple[str, str]]) -> Corrections:
    """The columns of bot.toml by key."""
    return {key_of(heading): field for heading, field in columns}


def _ranked(lines: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, int]]:
    return {
        key_of(name): (field, rank)
        for field, ranks in lines.items()
        for rank, line in reversed(list(enumerate(ranks)))
        for name in line.split()
    }


_STRONG_KEYS = _ranked(headings.STRONG)
_WEAK_KEYS = _ranked({field: (line,) for field, line in headings.WEAK.items()})
_FOREIGN_KEYS = frozenset(map(key_of, headings.FOREIGN.split()))
_STOCK_OR_ORDER = frozenset(map(key_of, headings.STOCK_OR_ORDER.split()))
_AXIS_KEYS = frozenset(map(key_of, headings.VARIANT_AXES.split()))
_IGNORED_KEYS = frozenset(map(key_of, headings.IGNORED.split()))
_FEED = frozenset(("imagelink", "googleproductcategory", "itemgroupid"))
_HIDDEN = {key_of(name): frozenset(line.split()) for name, line in headings.HIDDEN.items()}
_HIDDEN_STATUS = frozenset(headings.HIDDEN_STATUS.split())
_NOT_PRICES = re.compile("|".join(headings.NOT_PRICES.split()))


def strong_field(label: str) -> str:
    """The product field that a column of this name holds in any table; empty for none."""
    return _strong(label)[0]


def _strong(label: str) -> tuple[str, int]:
    if is_ignored(label):
        return "", 0
    for key in _label_keys(label):
        if key in _STRONG_KEYS:
            field, rank = _STRONG_KEYS[key]
            return field, rank + bool(_BRIEF.search(label))
        for field, pattern in _PATTERNS:
            if pattern.fullmatch(key) and not (field == "price" and _NOT_PRICES.search(key)):
                return field, _LAST
    return "", 0


def _weak(label: str) -> tuple[str, int]:
    found = (_WEAK_KEYS[key] for key in _label_keys(label) if key in _WEAK_KEYS)
    return next(found, ("", 0))


def is_ignored(label: str) -> bool:
    """Whether only the shop's program or its owner needs the column."""
    return key_of(label) in _IGNORED_KEYS or bool(_OTHER_MARKET.match(label.strip()))


def option_number(label: str) -> str:
    """`2` for `Option2 Value` and `規格分類2(名称)`; empty where the column is no such option."""
    match = _OPTION.fullmatch(key_of(label))
    return (match["english"] or match["japanese"]) if match else ""


def is_variant_axis(label: str) -> bool:
    """Whether the heading is one of those that variants differ in: colour, size."""
    return bool(set(_label_keys(label)) & _AXIS_KEYS)


def hidden_values(label: str, has_variants: bool) -> frozenset[str]:
    """What the column says (in lower case) of a product that the shop does not show; empty for
    columns that are about something else."""
    key = key_of(label)
    return _HIDDEN_STATUS if key == "status" and has_variants else _HIDDEN.get(key, frozenset())


def _label_keys(label: str) -> list[str]:
    """The whole heading, and each side of a bilingual one: `価格 / Price`."""
    sides = re.split(r"\s*[/／\n]\s*", label)
    return [key_of(label), *map(key_of, sides if len(sides) > 1 else [])]


def fields_of(labels: Sequence[str], corrections: Corrections = NO_CORRECTIONS) -> dict[str, int]:
    """Field → column index: what bot.toml says, else the best strong name, else a weak one."""
    fields: dict[str, int] = {}
    said = [corrections.get(key_of(label), "") for label in labels]
    for index, field in enumerate(said):
        if field in headings.FIELDS and field != "option":
            fields.setdefault(field, index)
    free = [index for index, field in enumerate(said) if not field]
    keys = [key_of(label) for label in labels]
    if "id" in keys and _FEED.intersection(keys):
        fields.setdefault("sku", keys.index("id"))  # the other numbers are those of its maker
    for ranking in (_strong, _weak):
        ranked = [(ranking(labels[index]), index) for index in free]
        for (field, _), index in sorted(ranked, key=lambda entry: (entry[0][1], entry[1])):
            if field and index not in fields.values():
                fields.setdefault(field, index)
    return fields


def others_of(labels: Sequence[str], fields: Mapping[str, int], field: str) -> list[int]:
    """Further columns that may hold the field where its own is blank, best first."""
    taken = set(fields.values())
    ranked = [(_strong(label), i) for i, label in enumerate(labels) if i not in taken]
    ranked += [(_weak(label), i) for i, label in enumerate(labels) if i not in taken]
    found = sorted((rank, i) for (name, rank), i in ranked if name == field)
    return [i for _, i in found]


def is_catalogue(labels: Sequence[str], corrections: Corrections = NO_CORRECTIONS) -> bool:
    """Whether columns of these names make a product catalogue.

    Three columns at least; a product's name with a code or price, or a code with a price; and no
    column of a table about people, shops, orders or questions. What bot.toml names counts most.
    """
    filled = [label for label in labels if label]
    said = {corrections.get(key_of(label), "") for label in filled} & set(headings.FIELDS)
    keys = {key for label in filled for key in _label_keys(label)}
    if len(filled) < 3 or (keys & _FOREIGN_KEYS and not said):
        return False
    strong = {strong_field(label) for label in filled} | said
    either = strong | {_weak(label)[0] for label in filled}
    if keys & _STOCK_OR_ORDER and not said:
        return {"sku", "name", "price"} <= strong
    if "name" in strong:
        return bool({"sku", "price"} & either)
    if "name" in either:
        return bool({"sku", "price"} & strong)
    return {"sku", "price"} <= strong


def is_of_another_table(labels: Sequence[str]) -> bool:
    """Whether these are headings of a table about people, shops, orders or questions."""
    return any(set(_label_keys(label)) & _FOREIGN_KEYS for label in labels if label)

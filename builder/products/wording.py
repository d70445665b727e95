"""Values as they are said: names, prices with currency and tax, sentences in both languages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from builder.products.records import Topic, Value
from builder.products.vocabulary import NO, YES
from connectors.catalog.quantities import NUMBER

_SIGNS = {"JPY": "¥", "USD": "$", "EUR": "€", "GBP": "£"}
_TAX = {
    ("included", "ja"): "（税込）", ("excluded", "ja"): "（税抜）",
    ("included", "en"): " (tax included)", ("excluded", "en"): " (tax excluded)",
}  # fmt: skip
_BARE = re.compile(NUMBER)
_SAYS_TAX = re.compile(r"税|tax|vat", re.IGNORECASE)
_PLURAL = re.compile(r"(?:dimensions|materials|colou?rs|proteins|calories|fats)$")


@dataclass(frozen=True, slots=True)
class Named:
    """A product as an answer calls it."""

    name: str
    code: str

    def said(self, language: str) -> str:
        """`Yune Electric Kettle (K-210)`, `電気ケトル 湯音（K-210）`."""
        if not self.name or not self.code or self.code in self.name:
            return self.name or self.code
        return f"{self.name}（{self.code}）" if language == "ja" else f"{self.name} ({self.code})"


def label(topic: Topic, language: str) -> str:
    """What the topic is called."""
    return topic.japanese if language == "ja" else topic.english


def shown(value: Value, topic: Topic, language: str) -> str:
    """The value as written; a price with the currency and the tax that its column states."""
    text = " ".join(value.text.split())
    if topic.key != "price" or value.number is None:
        return text
    if _BARE.fullmatch(text) or value.language != language:
        text = amount(value.number, value.unit, language)
    if value.tax and not _SAYS_TAX.search(text):
        text += _TAX[value.tax, language]
    return text


def amount(number: float, currency: str, language: str) -> str:
    """`6,980円`, `¥6,980`, `$19.99`."""
    return _amount(Decimal(str(number)), currency, language)


def _amount(exact: Decimal, currency: str, language: str) -> str:
    digits = f"{exact:,.0f}" if exact == exact.to_integral_value() else f"{exact:,.2f}"
    if currency == "JPY" and language == "ja":
        return f"{digits}円"
    sign = _SIGNS.get(currency)
    return f"{sign}{digits}" if sign else f"{digits} {currency}".strip()


def sentence(product: Named, topic: Topic, value: Value, language: str, *, yes_no: bool) -> str:
    """One value of one product."""
    name, text = product.said(language), shown(value, topic, language)
    if topic.key == "description":
        return f"{name}: {text}" if language == "en" else f"{name}：{text}"
    if topic.key == "name":
        return (
            f"{product.code}は{text}です。"
            if language == "ja"
            else f"{product.code} is the {text}."
        )
    if topic.key == "availability" and language == "en":
        return f"{_lead(value, topic, language, yes_no=yes_no)}Availability of the {name}: {text}."
    lead = _lead(value, topic, language, yes_no=yes_no)
    if language == "ja":
        return f"{lead}{name}の{label(topic, language)}は{text}です。"
    noun = label(topic, language)
    verb = "are" if _PLURAL.search(noun) else "is"
    return f"{lead}The {noun} of the {name} {verb} {text.rstrip('.')}."


def total(amount: int, price: Value, language: str) -> str:
    """What several come to, as a sentence; empty where the price is no number."""
    if price.number is None:
        return ""
    said = Decimal(str(price.number)) * amount
    text = _amount(said, price.unit, language)
    return f"{amount}点で{text}です。" if language == "ja" else f" {amount} of them come to {text}."


def _lead(value: Value, topic: Topic, language: str, *, yes_no: bool) -> str:
    """`Yes. ` where the value says so to a question that asks for it."""
    if not yes_no:
        return ""
    word = value.text.strip().lower()
    is_yes = None
    if topic.key == "availability" and value.number is not None:
        is_yes = value.number >= 1
    elif word in YES or word in NO:
        is_yes = word in YES
    if is_yes is None:
        return ""
    return verdict(language, is_yes=is_yes)


def verdict(language: str, *, is_yes: bool) -> str:
    """The word that an answer to a yes/no question begins with."""
    if language == "ja":
        return "はい。" if is_yes else "いいえ。"
    return "Yes. " if is_yes else "No. "


def not_stated(products: Sequence[Named], topic: Topic, language: str) -> str:
    """That the catalogue has no value."""
    names = [product.said(language) for product in products]
    if language == "ja":
        return f"{'、'.join(names)}の{label(topic, language)}は、カタログに書かれていません。"
    return f"The catalogue does not state the {label(topic, language)} of the {_joined(names)}."


def left_out(products: Sequence[Named], topic: Topic, language: str, most: int = 5) -> str:
    """That products were not considered for want of a value; empty for none."""
    if not products:
        return ""
    names = [product.said(language) for product in products[:most]]
    rest = len(products) - len(names)
    if language == "ja":
        others = f"ほか{rest}件" if rest else ""
        noun = label(topic, language)
        return f"{noun}が書かれていないため除いた商品: {'、'.join(names)}{others}"
    others = f" and {rest} more" if rest else ""
    noun = label(topic, language)
    return (
        f"Left out, because the catalogue does not state their {noun}: {', '.join(names)}{others}."
    )


def unknown_code(codes: Sequence[str], near: Sequence[str], language: str) -> str:
    """That the catalogue has no such code, and which are spelled like it."""
    if language == "ja":
        text = f"{'、'.join(codes)}はカタログにありません。"
        return f"{text}\n近い型番: {'、'.join(near)}" if near else text
    verb = "is" if len(codes) == 1 else "are"
    text = f"{_joined(codes)} {verb} not in the catalogue."
    return f"{text}\nSimilar codes: {', '.join(near)}" if near else text


def more(count: int, language: str) -> str:
    """What a list does not show."""
    return f"ほか{count}件" if language == "ja" else f"and {count} more"


def basis_not_stated(language: str) -> str:
    """That figures are given as the catalogue has them, without the quantity asked for."""
    if language == "ja":
        return "値はカタログの記載どおりです。何gあたりかは列の見出しに書かれていません。"
    return "Figures as the catalogue has them; its headings do not say per what amount."


def counted(count: int, language: str) -> str:
    """How many there are."""
    if language == "ja":
        return f"{count}件あります。"
    return f"There is {count} product." if count == 1 else f"There are {count} products."


def none_match(language: str) -> str:
    """That no product fulfils the conditions."""
    if language == "ja":
        return "条件に合う商品はカタログにありません。"
    return "No product in the catalogue matches."


def _joined(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)

"""Postal addresses: Japanese down to the number of the block, American and British street lines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from builder.privacy.finding import Finding, plain

_PREFECTURE = (
    r"(?:東京都|北海道|京都府|大阪府|神奈川県|和歌山県|鹿児島県|(?:青森|岩手|宮城|秋田|山形|福島|茨城"
    r"|栃木|群馬|埼玉|千葉|新潟|富山|石川|福井|山梨|長野|岐阜|静岡|愛知|三重|滋賀|兵庫|奈良|鳥取"
    r"|島根|岡山|広島|山口|徳島|香川|愛媛|高知|福岡|佐賀|長崎|熊本|大分|宮崎|沖縄)県)"
)
_NUMERAL = r"[\d一二三四五六七八九十]"
_BLOCK = (
    rf"(?:{_NUMERAL}{{1,4}}丁目 ?(?:\d{{1,4}}(?:番地?(?:の\d{{1,3}})?|-)?(?: ?\d{{1,4}}号?)?"
    r"(?:-\d{1,4})?)?"
    r"|\d{1,5}番地?(?:の\d{1,4}|-\d{1,4})?(?: ?\d{1,3}号)?|\d{1,4}(?:-\d{1,4}){1,3})"
)
_TOWN = r"(?:[^\d\s、。,()|「」:;]|(?<=[東西南北])\d{1,2}条)"
_BUILDING = (
    r"(?:(?: |(?<=号)|(?<=\d))[^\d\s、。,|()]{1,20}?"
    r"(?:ビル|マンション|ハイツ|コーポ|荘|レジデンス|タワー|アパート|メゾン|ハウス)"
    r"[^\s\d、。,|()]{0,4}(?: ?\d{1,4}(?:号室|号|階|F))?"
    r"|[ -]?\d{1,4}号室| \d{1,2}(?:階|F))?"
)
_JAPANESE = re.compile(
    rf"(?:〒? ?\d{{3}}-\d{{4}}[ \n]?)?{_PREFECTURE} ?{_TOWN}{{1,10}}?[市区町村郡] ?"
    rf"{_TOWN}{{0,14}}? ?{_BLOCK}{_BUILDING}"
    rf"|(?<![一-龯])[一-龯ァ-ヶ]{{1,5}}[市区]{_TOWN}{{1,12}}?{_BLOCK}{_BUILDING}"
    r"|〒 ?\d{3}-\d{4}"
)
_AT_HOME = re.compile(
    r"(?:現?住所|居住地|本籍|送付先|届け先|自宅)[ \t]*[:：|][ \t|]*"
    r"(?P<v>[^\n|]{4,60}?\d[^\n|、。]{0,30})"
)
_KIND = (
    r"(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Way|Place|Pl"
    r"|Square|Terrace|Crescent|Close|Parkway|Pkwy|Highway|Hwy)"
)
_STREET = re.compile(
    rf"(?<![\w$€£¥.,:/-])\d{{1,5}}[A-Z]? (?:[NSEW][EW]?\.? )?"
    rf"(?:[A-Z][A-Za-z'’]+\.? |\d{{1,3}}(?:st|nd|rd|th) ){{1,3}}"
    rf"{_KIND}\b\.?(?! (?:Show|Map|Trip|Test|Side|Safety|Sign))(?: [NSEW][EW]?\b)?"
    r"(?:,? (?:Apt|Apartment|Suite|Ste|Unit|Flat|Floor|Room|#)\.? ?[\w-]{1,6})?"
    r"(?:,? [A-Z][A-Za-z. ]{2,24}?,? "
    r"(?:[A-Z]{2},? \d{5}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}))?"
)
_BOX = re.compile(r"\bP\.? ?O\.? Box \d{1,6}\b", re.I)


def find_addresses(text: str) -> Iterator[Finding]:
    """Postal addresses with a house or block number; towns and countries alone are none."""
    for pattern in (_JAPANESE, _STREET, _BOX):
        for match in pattern.finditer(text):
            yield Finding("address", match.start(), match.end(), _value(match[0]))
    for match in _AT_HOME.finditer(text):
        start, end = match.span("v")
        end -= len(match["v"]) - len(match["v"].rstrip())
        if not re.fullmatch(r"[\d -]+", text[start:end]):
            yield Finding("address", start, end, _value(text[start:end]))


def _value(text: str) -> str:
    """Without the post code in front, and `3丁目2番1号` as `3-2-1`."""
    bare = re.sub(r"^〒? ?\d{3}-\d{4}\s*(?=\D)", "", text)
    return re.sub(r"丁目|番地?の?|号(?!室)", "-", plain(bare)).strip("-")

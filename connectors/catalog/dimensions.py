"""Sizes of several measures in one cell: `幅13×奥行11×高さ18cm`, `W13 × D11 × H18 cm`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from connectors.catalog.quantities import NUMBER, in_base
from connectors.catalog.units import normalize_width
from connectors.records import Attribute

_AXES = {
    "width": "幅 横 横幅 w width wide",
    "depth": "奥行 奥行き 奥行 d depth deep",
    "height": "高さ 高 縦 h height high",
    "length": "長さ 長 l length long",
    "diameter": "直径 径 φ ø dia diameter",
    "thickness": "厚さ 厚み 厚 t thickness thick",
}
_AXIS = {name: axis for axis, names in _AXES.items() for name in names.split()}
_JAPANESE = {
    "width": "幅",
    "depth": "奥行",
    "height": "高さ",
    "length": "長さ",
    "diameter": "直径",
    "thickness": "厚さ",
}
_NAME = "|".join(sorted(map(re.escape, _AXIS), key=len, reverse=True))
_UNIT = r"mm|cm|m|in|inch|inches|インチ|ミリ|センチ|メートル|\""
_MEASURE = re.compile(
    rf"(?P<before>{_NAME})?\s*(?:\(?(?P<about>約|approx\.?)\)?)?\s*[::]?\s*(?P<number>{NUMBER})\s*"
    rf"(?P<unit>{_UNIT})?\s*\.?(?:\(?\s*(?P<after>{_NAME})\s*\)?)?\s*(?P<end>{_UNIT})?",
    re.IGNORECASE,
)
_TIMES = re.compile(r"\s*[×xX✕*・/,、]\s*|\s+(?=[^\d\s]*\d)")
_SEVERAL = re.compile(r"[\d０-９].*[×xXｘＸ✕*・/].*[\d０-９]")
_HEADING_AXES = re.compile(rf"(?:{_NAME})(?:\s*[×xX✕*・/]\s*(?:{_NAME}))+", re.IGNORECASE)
_LEADS = re.compile(r"^(?:約|approx\.?|about|本体|外形|サイズ|寸法|:|\s)+", re.IGNORECASE)


def split_dimensions(
    name: str, text: str, column_unit: str, heading: str = ""
) -> tuple[Attribute, ...]:
    """Each measure of the attribute `name` as an attribute of its own, in mm; empty where the text
    is not two or three measures whose axes are named in it or in its heading."""
    if not _SEVERAL.search(text):
        return ()
    value = normalize_width(text)
    about = bool(re.match("約|approx|about", value, re.IGNORECASE))
    pieces = [piece for piece in _TIMES.split(_LEADS.sub("", value)) if piece]
    unit = column_unit
    if len(pieces) > 1 and (trailing := re.fullmatch(r"\(?(mm|cm|m|in)\)?", pieces[-1], re.I)):
        unit, pieces = trailing[1], pieces[:-1]
    matches = [_MEASURE.fullmatch(piece) for piece in pieces]
    if not 2 <= len(pieces) <= 3 or None in matches:
        return ()
    found = [match for match in matches if match is not None]
    axes = [_axis(match) for match in found]
    if not any(axes):
        axes = _axes_of_heading(heading or name)
    if len(set(axes)) != len(found) or "" in axes:
        return ()
    return _attributes(name, axes, found, _unit(found[-1]) or unit, about=about)


def _attributes(
    name: str,
    axes: Sequence[str],
    found: Sequence[re.Match[str]],
    unit: str,
    *,
    about: bool,
) -> tuple[Attribute, ...]:
    japanese = bool(re.search(r"[ぁ-んァ-ヶ一-龯]", name))
    short = re.sub(r"\s*[\(（][^()（）]*[\)）]\s*", "", _HEADING_AXES.sub("", name)).strip() or name
    out = []
    for axis, match in zip(axes, found, strict=True):
        written = Decimal(match["number"].replace(",", ""))
        number, base = in_base(written, _unit(match) or unit)
        if base != "mm":
            return ()
        label = _JAPANESE[axis] if japanese else axis
        out.append(
            Attribute(
                f"{short} {label}",
                match["number"] + (_unit(match) or unit),
                number,
                base,
                is_approximate=about or bool(match["about"]),
                split_from=name,
            )
        )
    return tuple(out)


def _unit(match: re.Match[str]) -> str:
    return match["unit"] or match["end"] or ""


def _axis(match: re.Match[str]) -> str:
    name = (match["before"] or match["after"] or "").lower()
    return _AXIS.get(name, "")


def _axes_of_heading(heading: str) -> list[str]:
    """The axes that `寸法(幅×奥行×高さ)` or `Size W×D×H` gives to bare figures."""
    match = _HEADING_AXES.search(normalize_width(heading))
    if match is None:
        return []
    return [_AXIS[name.strip().lower()] for name in re.split(r"\s*[×xX✕*・/]\s*", match[0])]

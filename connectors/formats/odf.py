"""OpenDocument packages (.odt, .ods, .odp): content, styles and title."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from connectors.formats.safe_xml import child_text, children, local_name
from connectors.formats.zip_package import Package, open_zip_package, protected

if TYPE_CHECKING:
    from lxml.etree import _Element

_NAMESPACE = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
OFFICE, TEXT, TABLE, DRAW, STYLE, PRESENTATION = (
    _NAMESPACE % name for name in ("office", "text", "table", "drawing", "style", "presentation")
)


@dataclass(frozen=True, slots=True)
class OdfDocument:
    """One package, its XML parsed."""

    body: _Element
    """`office:text`, `office:spreadsheet` or `office:presentation`."""
    title: str
    """The title in the properties; empty where there is none."""
    styles: dict[str, _Element]
    """Name → style or list style, those of the content before the named ones."""


def open_odf(path: Path, kind: str) -> OdfDocument:
    """`kind` is the body's element: `text`, `spreadsheet`, `presentation`.

    Raises `UnreadableFile`: `encrypted`, `broken` or `too-large`.
    """
    with open_zip_package(path) as package:
        if _is_encrypted(package):
            raise protected()
        content = package.xml("content.xml")
        named = package.xml("styles.xml") if "styles.xml" in package.names else None
        meta = package.xml("meta.xml") if "meta.xml" in package.names else None
        body = content.find(f"{OFFICE}body/{OFFICE}{kind}")
        if body is None:
            raise KeyError(kind)
    styles: dict[str, _Element] = {}
    for root in (content, named):
        for style in _styles(root):
            styles.setdefault(str(style.get(f"{STYLE}name")), style)
    title = "" if meta is None else child_text(next(children(meta, "meta"), meta), "title")
    return OdfDocument(body, title, styles)


def style_property(styles: dict[str, _Element], name: str, attribute: str) -> str:
    """An attribute of a style's properties, looked up through the styles it is based on."""
    for _ in range(10):  # styles may be based on each other in a circle
        style = styles.get(name)
        if style is None:
            return ""
        for properties in children(style):
            if value := properties.get(attribute):
                return str(value)
        name = str(style.get(f"{STYLE}parent-style-name") or "")
    return ""


def repeated(element: _Element, attribute: str, limit: int) -> int:
    """How often a cell or row stands there, within bounds."""
    value = str(element.get(f"{TABLE}{attribute}") or "1")
    return max(1, min(int(value), limit)) if value.isdecimal() and len(value) < 10 else 1


def _is_encrypted(package: Package) -> bool:
    """A key for one of the parts, or one encrypted package that holds them all."""
    if "encrypted-package" in package.names:
        return True
    if "META-INF/manifest.xml" not in package.names:
        return False
    manifest = package.xml("META-INF/manifest.xml")
    return any(local_name(element) == "encryption-data" for element in manifest.iter())


def _styles(root: _Element | None) -> Iterator[_Element]:
    if root is None:
        return
    for group in ("automatic-styles", "styles"):
        for container in children(root, group):
            yield from (style for style in children(container) if style.get(f"{STYLE}name"))

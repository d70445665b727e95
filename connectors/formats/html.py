"""HTML: the main text as Markdown, without navigation, scripts and what is hidden."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from connectors.catalog.jsonld import read_jsonld
from connectors.encoding import decode, normalize_newlines
from connectors.formats.html_text import element_text
from connectors.reading import InputFile, Reading
from connectors.records import Part

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

_DECLARED = re.compile(
    rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)|encoding=[\"']([\w-]+)[\"']", re.I
)
_XML_DECLARATION = re.compile(r"\A\ufeff?\s*<\?xml[^>]*\?>")
_MICROSOFT = {"shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932"}
_MICROSOFT |= {"iso-8859-1": "cp1252", "latin-1": "cp1252", "windows-31j": "cp932"}
_DROPPED = (
    "script, style, noscript, template, svg, nav, footer, iframe, [hidden], [role=navigation]"
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def read(file: InputFile) -> Reading:
    """One Part, and the products that the page states for search engines; the title is the page's
    `<title>`, else its first `<h1>`."""
    soup = _parse(decode_markup(file.path.read_bytes()))
    products, notes = read_jsonld(soup)
    return Reading(_title(soup), (Part("", _main_text(soup)),), products, notes)


def read_page(data: bytes) -> tuple[str, str]:
    """A page's title and its main text as Markdown."""
    soup = _parse(decode_markup(data))
    return _title(soup), _main_text(soup)


def _title(soup: BeautifulSoup) -> str:
    heading = soup.title or soup.h1
    return " ".join(heading.get_text().split()) if heading else ""


def html_to_text(html: str) -> str:
    """The main text of an HTML page or mail as Markdown."""
    return _main_text(_parse(html))


def _parse(html: str) -> BeautifulSoup:
    from bs4 import BeautifulSoup

    return BeautifulSoup(_XML_DECLARATION.sub("", html), "lxml")


def decode_markup(data: bytes) -> str:
    """By the declared charset where that decodes strictly; browsers read Shift_JIS as cp932."""
    declared = _DECLARED.search(data[:2048])
    if declared and not data.startswith(
        (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    ):
        name = (declared[1] or declared[2]).decode("ascii").lower()
        try:
            if name.startswith(("utf-16", "utf-32")):  # false: the declaration reads as ASCII
                raise LookupError(name)
            return normalize_newlines(data.decode(_MICROSOFT.get(name, name)))
        except (UnicodeDecodeError, LookupError):
            pass
    return decode(data).text


def _main_text(soup: BeautifulSoup) -> str:
    for element in soup.select(_DROPPED):
        element.decompose()
    for element in soup.select("[style]"):
        if not element.decomposed and _HIDDEN_STYLE.search(str(element.get("style"))):
            element.decompose()
    for header in soup.find_all("header"):
        if header.find_parent(["main", "article", "section"]) is None and not header.find("h1"):
            header.decompose()
    return element_text(_main_element(soup))


def _main_element(soup: BeautifulSoup) -> Tag:
    mains = soup.select("main, [role=main]")
    if len(mains) == 1:
        return mains[0]
    articles = soup.find_all("article")
    if len(articles) == 1:
        return articles[0]
    return soup.body or soup

"""What a page says to a crawler: its links, its canonical address, whether it wants indexing."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from connectors.web.failure import FetchFailed
from connectors.web.urls import normal, without_login

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_BYTES = 20 * 1024 * 1024
"""Links of larger pages are not looked for."""
MAX_LINKS = 5000
_LINKED = "//a[@href] | //area[@href] | //link[@href] | //frame[@src] | //iframe[@src]"
_SILENT = frozenset({"script", "style", "noscript", "template", "head"})


@dataclass(frozen=True, slots=True)
class PageFacts:
    """Addresses are normal ones, in the order of the page, each once."""

    links: tuple[str, ...] = ()
    not_followed: tuple[str, ...] = ()
    """Links that the page asks not to follow."""
    refused: tuple[tuple[str, str], ...] = ()
    """(link, reason) of links that are no addresses to fetch: a password in them, a bad host."""
    canonical: str = ""
    is_indexed: bool = True
    text_digest: str = ""
    """Of the visible text; empty where there is hardly any."""


def page_facts(url: str, body: bytes, robots_header: str = "") -> PageFacts:
    """The facts of an HTML page. Damaged pages give what can be found."""
    root = _parse(body)
    if root is None:
        return PageFacts()
    asked = (
        robots_header.lower()
        + ","
        + ",".join(
            str(tag.get("content", "")).lower()
            for tag in root.iter("meta")
            if str(tag.get("name", "")).lower() in ("robots", "monoshiri")
        )
    )
    words = set(re.findall(r"[a-z]+", asked))
    base = next((str(tag.get("href")) for tag in root.iter("base") if tag.get("href")), "")
    links = _Links(_join(base, url) or url)
    for element in root.xpath(_LINKED)[:MAX_LINKS]:
        links.take(element, follow=not words & {"nofollow", "none"})
    for tag in root.iter("meta"):
        links.take_refresh(tag)
    found = links.found
    return PageFacts(
        links=tuple(found),
        not_followed=tuple(link for link in links.not_followed if link not in found),
        refused=tuple(links.refused.items()),
        canonical=links.canonical,
        is_indexed=not words & {"noindex", "none"},
        text_digest=_text_digest(root),
    )


def _parse(body: bytes) -> _Element | None:
    from lxml import etree

    if not body.strip():
        return None
    encoding = "utf-8" if body.startswith(b"\xef\xbb\xbf") else None
    parser = etree.HTMLParser(
        encoding=encoding, no_network=True, remove_comments=True, huge_tree=False
    )
    try:
        return etree.fromstring(body[:MAX_BYTES], parser)
    except (etree.LxmlError, ValueError):
        return None


def _join(reference: str, base: str) -> str:
    try:
        return normal(reference, base)
    except FetchFailed:
        return ""


class _Links:
    """Collects the addresses of one page."""

    def __init__(self, base: str) -> None:
        self._base = base
        self.found: dict[str, None] = {}
        self.not_followed: dict[str, None] = {}
        self.refused: dict[str, str] = {}
        self.canonical = ""

    def take(self, element: _Element, follow: bool) -> None:
        """An element with an address."""
        reference = str(element.get("href") or element.get("src") or "").strip()
        relations = set(str(element.get("rel") or "").lower().split())
        if element.tag == "link":
            if "canonical" in relations:
                self.canonical = self.canonical or _join(reference, self._base)
            if not ("alternate" in relations and element.get("hreflang")):
                return
        self._add(reference, follow and "nofollow" not in relations)

    def take_refresh(self, tag: _Element) -> None:
        """A page that sends its readers on."""
        if str(tag.get("http-equiv", "")).lower() == "refresh":
            match = re.search(r"url\s*=\s*['\"]?([^'\"]+)", str(tag.get("content", "")), re.I)
            if match:
                self._add(match[1], follow=True)

    def _add(self, reference: str, follow: bool) -> None:
        if re.match(r"(?!https?:)[a-z][a-z0-9+.-]*:", reference, re.IGNORECASE):
            return  # mailto:, tel:, javascript:, data:
        if not reference or reference.startswith("#"):
            return
        try:
            link = normal(reference, self._base)
        except FetchFailed as exc:
            self.refused.setdefault(without_login(reference), exc.reason)
            return
        (self.found if follow else self.not_followed)[link] = None


def _text_digest(root: _Element) -> str:
    text = " ".join(visible_words(root))
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest() if len(text) > 40 else ""


def visible_words(root: _Element) -> list[str]:
    """The words that a reader of the page sees."""
    pieces: list[str] = []
    pending = [(root, False)]
    while pending:
        element, is_tail = pending.pop()
        if is_tail:
            pieces.append(element.tail or "")
            continue
        pending.append((element, True))
        if isinstance(element.tag, str) and element.tag not in _SILENT:
            pieces.append(element.text or "")
            pending += [(child, False) for child in reversed(element)]
    return " ".join(pieces).split()


def likeness(one: bytes, other: bytes) -> float:
    """0 to 1: the share of 8-character stretches that the texts of two pages have in common."""
    first, second = _stretches(one), _stretches(other)
    if not first or not second:
        return 0.0
    return len(first & second) / min(len(first), len(second))


def _stretches(body: bytes) -> set[str]:
    root = _parse(body)
    text = "" if root is None else "".join(visible_words(root))[:20_000]
    return {text[at : at + 8] for at in range(len(text) - 7)}

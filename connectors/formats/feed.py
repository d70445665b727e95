"""News feeds (RSS 0.9 to 2.0, Atom): one heading an entry, with its date, text and link."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from connectors.formats.html import html_to_text
from connectors.formats.safe_xml import child_text, children, line_of, local_name
from connectors.reading import Reading
from connectors.records import Part

if TYPE_CHECKING:
    from lxml.etree import _Element

_DATES = ("pubDate", "published", "date", "updated", "issued")
_TEXTS = ("encoded", "content", "description", "summary")
"""The fullest first; `encoded` is the whole article beside a `description` that starts it."""


def is_feed(root: _Element) -> bool:
    """By the root element: `rss`, Atom's `feed`, or `RDF` with a channel."""
    name = local_name(root)
    return name in ("rss", "feed") or (name == "RDF" and bool(list(children(root, "channel"))))


def read_feed(root: _Element) -> Reading:
    """One Part with all entries, in the feed's order."""
    channel = next(children(root, "channel"), root)
    entries = [*children(channel, "item"), *children(channel, "entry")]
    if channel is not root:
        entries += children(root, "item")  # RSS 1.0 puts them beside the channel
    title = child_text(channel, "title")
    about = _body(channel, ("description", "subtitle", "tagline"))
    head = [*([f"# {title}", ""] if title else []), *([about, ""] if about else [])]
    lines = [line for entry in entries for line in _entry_lines(entry)]
    return Reading(title, (Part("", "\n".join([*head, *lines]).strip() + "\n"),))


def _entry_lines(entry: _Element) -> Iterator[str]:
    title = _body(entry, ("title",)).replace("\n", " ")
    yield from (f"## {title}", "") if title else ()
    authors = [child_text(person, "name") or line_of(person) for person in _people(entry)]
    categories = [_category(category) for category in children(entry, "category")]
    named = [", ".join(dict.fromkeys(filter(None, names))) for names in (authors, categories)]
    facts = [child_text(entry, *_DATES), *named]
    if stated := " / ".join(filter(None, facts)):
        yield from (stated, "")
    if body := _body(entry, _TEXTS):
        yield from (body, "")
    if link := _link(entry):
        yield from (link, "")


def _people(entry: _Element) -> list[_Element]:
    return [*children(entry, "creator"), *children(entry, "author")]


def _category(category: _Element) -> str:
    """Text in RSS, an attribute in Atom."""
    return line_of(category) or str(category.get("label") or category.get("term") or "")


def _body(entry: _Element, names: tuple[str, ...]) -> str:
    """The text of the first of these children that has any; HTML in it becomes Markdown."""
    from lxml import etree

    for name in names:
        for child in children(entry, name):
            if len(child):  # XHTML as elements
                markup = str(etree.tostring(child, encoding="unicode", with_tail=False))
            else:
                markup = child.text or ""
            text = (
                html_to_text(markup).strip() if "<" in markup or "&" in markup else markup.strip()
            )
            if text:
                return text
    return ""


def _link(entry: _Element) -> str:
    """The entry's page: text in RSS, the `alternate` link in Atom."""
    for link in children(entry, "link"):
        address = (link.text or "").strip() or str(link.get("href") or "").strip()
        is_page = link.get("rel", "alternate") == "alternate"
        if is_page and urlsplit(address).scheme in ("http", "https"):
            return address
    return ""

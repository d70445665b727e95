"""Sitemaps: the addresses that a site names itself."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from connectors.records import Rejection
from connectors.web.body import unpacked
from connectors.web.failure import FetchFailed
from connectors.web.fetch import Fetcher
from connectors.web.opening import Opening
from connectors.web.store import PageStore
from connectors.web.urls import normal, without_login
from connectors.web.visit import ask

MAX_BYTES = 50 * 1024 * 1024
MAX_FILES = 50
MAX_ADDRESSES = 50_000


@dataclass(slots=True)
class Listed:
    """What a site's sitemaps say."""

    pages: dict[str, None] = field(default_factory=dict)
    """Normal addresses, in order."""
    rejected: dict[str, Rejection] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)
    """Sitemaps whose records stay in the store."""


def listed_pages(opening: Opening, fetcher: Fetcher, store: PageStore) -> Listed:
    """The addresses in the sitemaps that robots.txt names, else in `/sitemap.xml`. A sitemap that
    fails for the moment is as it was the last time."""
    site = opening.site
    named = opening.robots.sitemaps()
    listed = Listed()
    pending = deque(_addresses(named or ["/sitemap.xml"], site.origin + "/", listed))
    done: set[str] = set()
    while pending and len(done) < MAX_FILES and len(listed.pages) < MAX_ADDRESSES:
        url = site.place(pending.popleft())
        if url is None or url in done:
            continue
        done.add(url)
        try:
            pages, further = _open(url, fetcher, store)
        except FetchFailed as exc:
            if named or exc.is_temporary:
                listed.rejected[url] = Rejection(url, exc.reason, f"The sitemap: {exc.message}")
            continue
        listed.kept.add(url)
        pending.extend(_addresses(further, url, listed))
        listed.pages |= dict.fromkeys(_addresses(pages, url, listed))
    return listed


def _addresses(references: list[str], base: str, listed: Listed) -> list[str]:
    found = []
    for reference in references:
        try:
            found.append(normal(reference, base))
        except FetchFailed as exc:
            shown = without_login(reference)
            listed.rejected[shown] = Rejection(shown, exc.reason, exc.message)
    return found


def _open(url: str, fetcher: Fetcher, store: PageStore) -> tuple[list[str], list[str]]:
    known = store.get(url)
    try:
        page = ask(url, fetcher, store, suffix_for=lambda *_: ".xml")
    except FetchFailed as exc:
        if known is None or not exc.is_temporary:
            raise
        page = known
    if page.location:
        return [], [normal(page.location, url)]
    return parse_sitemap(store.path(page).read_bytes())


def parse_sitemap(data: bytes) -> tuple[list[str], list[str]]:
    """(pages, further sitemaps) that it names, as written. Gzip is unpacked.

    Raises FetchFailed where it is no sitemap.
    """
    if data.startswith(b"\x1f\x8b"):
        data = unpacked(data, MAX_BYTES)
    return _locations(data)


def _locations(data: bytes) -> tuple[list[str], list[str]]:
    from lxml import etree

    parser = etree.XMLPullParser(
        ("end",), resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True
    )
    pages: list[str] = []
    sitemaps: list[str] = []
    try:
        for start in range(0, len(data), 65536):
            parser.feed(data[start : start + 65536])
            for _, element in parser.read_events():
                _take(element, pages, sitemaps)
            if len(pages) + len(sitemaps) >= MAX_ADDRESSES:
                break
    except etree.XMLSyntaxError as exc:
        if not pages and not sitemaps:
            raise FetchFailed("broken", "It is no sitemap.") from exc
    return pages[:MAX_ADDRESSES], sitemaps[:MAX_FILES]


def _take(element: object, pages: list[str], sitemaps: list[str]) -> None:
    from lxml import etree

    if not isinstance(element, etree._Element) or not isinstance(element.tag, str):
        return
    name = etree.QName(element).localname
    if name == "loc" and element.text:
        parent = element.getparent()
        kind = "" if parent is None else etree.QName(parent).localname
        if kind in ("url", "sitemap"):
            (sitemaps if kind == "sitemap" else pages).append(element.text.strip())
    elif name in ("url", "sitemap"):
        element.clear()

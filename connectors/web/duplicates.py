"""Pages that are the same under several addresses: one is imported, the others are named."""

from __future__ import annotations

from connectors.records import Rejection
from connectors.web.crawl import Crawl, Found
from connectors.web.page import likeness
from connectors.web.store import PageStore
from connectors.web.urls import Site

_LIKE = 0.8  # least likeness at which a page's word for its canonical address is taken


def chosen(
    crawl: Crawl, site: Site, store: PageStore
) -> tuple[dict[str, Found], dict[str, Rejection]]:
    """(pages to import, all others with the reason), by address."""
    rejected = dict(crawl.rejected)
    for url, target in crawl.redirects.items():
        rejected[url] = _redirected(url, target, crawl.redirects)
    pages: dict[str, Found] = {}
    by_content: dict[str, str] = {}
    for url, found in crawl.found.items():
        if not found.facts.is_indexed:
            rejected[url] = Rejection(url, "noindex", "It asks not to be indexed.")
            continue
        canonical = _canonical(url, found, crawl, site, store)
        if canonical:
            message = f"It names {canonical} as its address, which is imported."
            rejected[url] = Rejection(url, "duplicate", message)
            continue
        first = by_content.setdefault(found.facts.text_digest or found.page.digest, url)
        if first == url:
            pages[url] = found
        else:
            rejected[url] = Rejection(url, "duplicate", f"It has the same content as {first}.")
    return pages, rejected


def _redirected(url: str, target: str, redirects: dict[str, str]) -> Rejection:
    passed = {url}
    while target in redirects and target not in passed:
        passed.add(target)
        target = redirects[target]
    if target in passed:
        return Rejection(url, "redirect-loop", "It leads back to itself. Correct the server.")
    return Rejection(url, "duplicate", f"It leads to {target}.")


def _canonical(url: str, found: Found, crawl: Crawl, site: Site, store: PageStore) -> str:
    """The other page that this one says it is; empty where that is not so. Sites that name their
    home page on every page are common."""
    named = found.facts.canonical and site.place(found.facts.canonical)
    if not named:
        return ""
    named = crawl.redirects.get(named, named)
    other = crawl.found.get(named)
    if named == url or other is None or not other.facts.is_indexed:
        return ""
    back = other.facts.canonical and site.place(other.facts.canonical)
    if back and crawl.redirects.get(back, back) != named:
        return ""
    bodies = [store.path(page.page).read_bytes() for page in (found, other)]
    return named if likeness(*bodies) >= _LIKE else ""

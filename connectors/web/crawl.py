"""From the start page along links and sitemaps through one site, breadth first."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime

from connectors.errors import SourceError
from connectors.records import Rejection
from connectors.web.addresses import is_ip_address, is_public
from connectors.web.content import is_page
from connectors.web.failure import FetchFailed
from connectors.web.fetch import Fetcher
from connectors.web.opening import MAX_REDIRECTS, Opening
from connectors.web.page import PageFacts, page_facts
from connectors.web.rules import Rules
from connectors.web.settings import WebSettings
from connectors.web.sitemap import MAX_ADDRESSES, listed_pages
from connectors.web.store import PageStore, StoredPage
from connectors.web.urls import normal, origin_of
from connectors.web.visit import ask

_IN_A_ROW = 5
"""Requests without an answer after which the site counts as down."""
_REQUESTS_PER_PAGE = 3
"""Requests for each page of the limit: redirects and errors cost requests as well."""


@dataclass(frozen=True, slots=True)
class Found:
    """A page that could be had, and what it says to a crawler."""

    page: StoredPage
    facts: PageFacts
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Step:
    url: str
    depth: int
    hops: int = 0


class Crawl:
    """One crawl. After `run`, every address that came up is in one of its tables."""

    def __init__(
        self, opening: Opening, fetcher: Fetcher, store: PageStore, settings: WebSettings
    ) -> None:
        self.found: dict[str, Found] = {}
        self.redirects: dict[str, str] = {}
        self.rejected: dict[str, Rejection] = {}
        self.kept: set[str] = set(opening.passed)
        """Addresses whose records stay in the store."""
        self._opening = opening
        self._fetcher = fetcher
        self._store = store
        self._settings = settings
        self._seen: set[str] = set()
        self._queue: deque[_Step] = deque()
        self._not_followed: dict[str, None] = {}
        self._over: list[str] = []
        self._asked = 0
        self._silent = 0

    def run(self, rules: Rules) -> None:
        """Visit all pages within the limits. Raises SourceError where the site goes down."""
        start = self._opening.start
        self._seen.add(start)
        self._queue.append(_Step(start, 0))
        listed = listed_pages(self._opening, self._fetcher, self._store)
        self.rejected |= listed.rejected
        self.kept |= listed.kept
        for url in listed.pages:
            self._enqueue(rules, url, 1)
        while self._queue:
            self._visit(rules, self._queue.popleft())
        if start in self.found and not rules.is_chosen(start):
            del self.found[start]
            self.rejected[start] = Rejection(start, "ignored", "An ignore rule leaves it out.")
        for url in self._not_followed:
            if url not in self._seen:
                message = "Its only links ask crawlers not to follow them."
                self.rejected[url] = Rejection(url, "nofollow", message)
        if self._over:
            more = f" So do {len(self._over) - 1} more." if len(self._over) > 1 else ""
            message = f"It is over the limit of {self._settings.pages} pages.{more} Raise `pages`."
            self.rejected[self._over[0]] = Rejection(self._over[0], "page-limit", message)

    def _enqueue(self, rules: Rules, url: str, depth: int, hops: int = 0) -> None:
        placed = self._opening.site.place(url)
        if placed is None or placed in self._seen:
            return
        if len(self._seen) >= 2 * MAX_ADDRESSES:
            self._over.append(placed)
            return
        self._seen.add(placed)
        against = rules.reason_against(placed, depth)
        if against is None:
            self._queue.append(_Step(placed, depth, hops))
        else:
            self.rejected[placed] = against

    def _visit(self, rules: Rules, step: _Step) -> None:
        url, pages = step.url, self._settings.pages
        if len(self.found) >= pages or self._asked >= pages * _REQUESTS_PER_PAGE + 100:
            self._over.append(url)
            return
        try:
            page, note = self._page(url)
            if page.location:
                self._redirect(rules, step, page)
                return
            if not page.body:
                kind = page.content_type.partition(";")[0] or "an unknown type"
                raise FetchFailed("unsupported", f"Files of type {kind} are not read.")
        except FetchFailed as exc:
            self.rejected[url] = Rejection(url, exc.reason, exc.message)
            return
        found = Found(page, self._facts(page), note)
        self.found[url] = found
        self._follow(rules, step, found.facts)

    def _page(self, url: str) -> tuple[StoredPage, str]:
        """The page, and a note where it is an old version. Raises FetchFailed, SourceError."""
        known = self._store.get(url)
        if known is not None and self._store.is_fresh(known):
            self.kept.add(url)
            return known, ""
        self._asked += 1
        try:
            page = ask(url, self._fetcher, self._store)
        except FetchFailed as exc:
            self._count(exc)
            if known is None or not exc.is_temporary:
                raise
            self.kept.add(url)
            day = datetime.fromtimestamp(known.fetched_at, UTC).date().isoformat()
            return known, f"not available at the last import ({exc.reason}): the version of {day}"
        self._silent = 0
        self.kept.add(url)
        return page, ""

    def _count(self, error: FetchFailed) -> None:
        is_silent = error.reason in ("unreachable", "timeout", "refused-address")
        self._silent = self._silent + 1 if error.is_temporary and is_silent else 0
        if self._silent >= _IN_A_ROW:
            raise SourceError(
                f"It stopped answering: {error.message}",
                self._opening.start,
                "Run the command again later: it goes on from there.",
            )

    def _redirect(self, rules: Rules, step: _Step, page: StoredPage) -> None:
        target = normal(page.location, page.url)
        placed = self._opening.site.place(target)
        if placed is None:
            host = origin_of(target)[1]
            if is_ip_address(host) and not is_public(host):
                raise FetchFailed("refused-address", "It leads to an address that is not public.")
            raise FetchFailed("other-site", f"It leads to another site ({host}).")
        if step.hops >= MAX_REDIRECTS:
            raise FetchFailed("redirect-loop", f"It leads over {MAX_REDIRECTS} addresses further.")
        self.redirects[step.url] = placed
        self._enqueue(rules, placed, step.depth, step.hops + 1)

    def _facts(self, page: StoredPage) -> PageFacts:
        body = b""
        path = self._store.path(page)
        if is_page(path.suffix):
            body = path.read_bytes()
        return page_facts(page.url, body, page.robots)

    def _follow(self, rules: Rules, step: _Step, facts: PageFacts) -> None:
        if facts.canonical:
            self._enqueue(rules, facts.canonical, step.depth)
        for link in facts.links:
            self._enqueue(rules, link, step.depth + 1)
        for link in facts.not_followed:
            placed = self._opening.site.place(link)
            if placed is not None:
                self._not_followed.setdefault(placed)
        for link, reason in facts.refused:
            self.rejected.setdefault(link, Rejection(link, reason, f"{step.url} links to it."))

"""A website by the address of its start page."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator

from connectors.errors import SourceError
from connectors.item import Item
from connectors.records import Rejection
from connectors.settings import SourceSettings
from connectors.web.addresses import Resolve, system_addresses
from connectors.web.crawl import Crawl
from connectors.web.duplicates import chosen
from connectors.web.failure import FetchFailed
from connectors.web.fetch import Fetcher, Limits
from connectors.web.item import PageItem
from connectors.web.opening import open_start
from connectors.web.rules import Rules
from connectors.web.store import PageStore
from connectors.web.urls import normal, site_of


class WebSource:
    """A website. Raises SourceError where the address can't be one to fetch."""

    def __init__(
        self, start: str, settings: SourceSettings, resolve: Resolve = system_addresses
    ) -> None:
        try:
            self._start = normal(start)
        except FetchFailed as exc:
            shown = start.partition("://")[0] + "://…"  # it may hold a password
            raise SourceError(exc.message, shown, "Correct the address.") from exc
        if settings.cache is None:
            raise SourceError(
                "There is no folder to keep its pages in.", self._start, "Set a cache folder."
            )
        self.name = site_of(self._start).host
        self._settings = settings
        self._resolve = resolve
        self._folder = (
            settings.cache / "web" / hashlib.sha256(self._start.encode()).hexdigest()[:16]
        )

    def items(self) -> Iterator[Item | Rejection]:
        """Crawl the site: every page by its address, or the reason why not.

        Raises SourceError where the start page can't be had, or the site goes down meanwhile. What
        was fetched until then is not fetched again soon after."""
        settings = self._settings
        store = PageStore(self._folder)
        store.begin()
        limits = Limits(settings.web.seconds_per_request, settings.max_bytes)
        with Fetcher(settings.web, limits, self._auth(), self._resolve) as fetcher:
            opening = open_start(self._start, fetcher, store)
            crawl = Crawl(opening, fetcher, store, settings.web)
            crawl.run(Rules(settings.web, opening.robots, settings.ignore))
        pages, rejected = chosen(crawl, opening.site, store)
        for url in opening.passed:
            if url not in rejected and url not in pages:
                rejected[url] = Rejection(url, "duplicate", f"It leads to {opening.start}.")
        store.finish(crawl.kept)
        for url in sorted({*pages, *rejected}):
            if url in pages:
                page, note = pages[url].page, pages[url].note
                yield PageItem(url, store.path(page), page.digest, note, settings.reading)
            else:
                yield rejected[url]

    def _auth(self) -> tuple[str, str]:
        name = self._settings.web.auth_header_env
        if not name:
            return "", ""
        value = os.environ.get(name, "").strip()
        if not value:
            raise SourceError(
                f"The environment variable {name} is not set.",
                self._start,
                "Set it to the site's Authorization header.",
            )
        if not value.isascii() or not value.isprintable():
            raise SourceError(f"{name} holds no valid header.", self._start, "Set it anew.")
        return self._start, value


def open_site(spec: str, settings: SourceSettings) -> WebSource:
    """A website by `https://` or `http://`."""
    return WebSource(spec, settings)

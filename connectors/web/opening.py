"""The way into a site: its robots.txt, and where its start page leads."""

from __future__ import annotations

from dataclasses import dataclass

from connectors.errors import SourceError
from connectors.web.failure import FetchFailed
from connectors.web.fetch import AGENT, Fetcher
from connectors.web.robots import Robots, missing_means_free, parse_robots
from connectors.web.store import PageStore
from connectors.web.urls import Site, normal, site_of
from connectors.web.visit import ask

MAX_REDIRECTS = 5


@dataclass(frozen=True, slots=True)
class Opening:
    """Where a crawl begins."""

    site: Site
    robots: Robots
    start: str
    """The page that the start page led to."""
    passed: tuple[str, ...]
    """Addresses that led there."""


def open_start(start: str, fetcher: Fetcher, store: PageStore) -> Opening:
    """Follow the start page to where it is. Raises SourceError where it can't be had: that says
    nothing about the pages that were there before."""
    site, url = site_of(start), start
    robots = _robots(site, fetcher)
    passed: list[str] = []
    while len(passed) <= MAX_REDIRECTS:
        if not robots.allows(url):
            remedy = f"Ask the site's operator to allow {AGENT}."
            raise SourceError("Its robots.txt forbids fetching it.", url, remedy)
        try:
            page = ask(url, fetcher, store)
            target = normal(page.location, url) if page.location else ""
        except FetchFailed as exc:
            raise _unreachable(url, exc) from exc
        if not target:
            return Opening(site, robots, url, tuple(passed))
        passed.append(url)
        moved = site.moved(target)
        if moved is None:
            raise SourceError(
                "It leads to another site.", url, "Name that site's address as the source."
            )
        if moved.origin != site.origin:
            robots = _robots(moved, fetcher)
        site, url = moved, target
    raise SourceError("It redirects without end.", start, "Name the page that it should lead to.")


def _robots(site: Site, fetcher: Fetcher) -> Robots:
    """The rules of one origin, and its pace."""
    url = f"{site.origin}/robots.txt"
    body, address = b"", url
    try:
        for _ in range(MAX_REDIRECTS + 1):
            response = fetcher.get(address)
            body = response.body
            if not response.location:
                break
            body, address = b"", normal(response.location, address)
            if site.moved(address) is None:
                break  # rules of another site are none of this one
    except FetchFailed as exc:
        if not missing_means_free(exc):
            raise _unreachable(url, exc) from exc
    robots = parse_robots(url, body)
    fetcher.slow_down(robots.delay())
    return robots


def _unreachable(url: str, error: FetchFailed) -> SourceError:
    remedy = "" if error.reason == "refused-address" else "Check the address, or try again later."
    return SourceError(error.message, url, remedy)

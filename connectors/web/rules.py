"""Which addresses of a site are left out before they are asked for, and why."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from connectors.records import Rejection
from connectors.web.content import is_never_read
from connectors.web.robots import Robots
from connectors.web.settings import WebSettings
from connectors.web.urls import is_circle, trap_pattern

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

_LEAST_OF_A_FORM = 20


class Rules:
    """The owner's patterns, the site's robots.txt, and what keeps a crawl from going on forever."""

    def __init__(self, settings: WebSettings, robots: Robots, ignore: tuple[str, ...]) -> None:
        self._settings = settings
        self._robots = robots
        self._included = _spec(settings.include)
        self._excluded = _spec((*ignore, *settings.exclude))
        self._forms: Counter[str] = Counter()
        self._most_of_a_form = max(_LEAST_OF_A_FORM, settings.pages // 2)

    def reason_against(self, url: str, depth: int) -> Rejection | None:
        """Why the address is not fetched; None where it is. Counts it, so ask once for each."""
        if not self.is_chosen(url):
            return Rejection(url, "ignored", "An ignore rule leaves it out.")
        if not self._robots.allows(url):
            return Rejection(url, "robots", "The site's robots.txt asks not to fetch it.")
        if is_never_read(url):
            return Rejection(url, "unsupported", "Files of its type are not read.")
        if depth > self._settings.depth:
            message = f"It is more than {self._settings.depth} links from the start. Raise `depth`."
            return Rejection(url, "too-deep", message)
        return self._trap(url)

    def is_chosen(self, url: str) -> bool:
        """Whether the owner's patterns leave it in."""
        parts = urlsplit(url)
        path = unquote(parts.path).lstrip("/")
        names = [path or "index.html"]
        if parts.query:
            names.append(f"{names[0]}?{unquote(parts.query)}")
        if self._included and not any(self._included.match_file(name) for name in names):
            return False
        return not any(self._excluded.match_file(name) for name in names)

    def _trap(self, url: str) -> Rejection | None:
        if is_circle(url):
            return Rejection(url, "trap", "Its path goes in circles. Correct the link to it.")
        form = trap_pattern(url)
        if not form:
            return None
        self._forms[form] += 1
        if self._forms[form] <= self._most_of_a_form:
            return None
        message = f"There are over {self._most_of_a_form} addresses like it. Raise `pages`."
        return Rejection(url, "trap", message)


def _spec(patterns: tuple[str, ...]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(patterns)

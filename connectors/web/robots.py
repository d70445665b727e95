"""robots.txt: what may be fetched, how fast, and where the sitemaps are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from connectors.errors import SourceError
from connectors.web.failure import FetchFailed
from connectors.web.fetch import AGENT

if TYPE_CHECKING:
    from protego import Protego

MAX_BYTES = 512 * 1024
_LONGEST_DELAY = 120.0  # seconds


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of one site for this crawler."""

    rules: Protego
    url: str

    def allows(self, url: str) -> bool:
        """Whether the address may be fetched."""
        return bool(self.rules.can_fetch(url, AGENT))

    def delay(self) -> float:
        """Seconds that it wants between two requests. Raises SourceError where that is absurd."""
        rate = self.rules.request_rate(AGENT)
        asked = float(self.rules.crawl_delay(AGENT) or 0.0)
        if rate is not None and rate.requests:
            asked = max(asked, rate.seconds / rate.requests)
        if asked > _LONGEST_DELAY:
            raise SourceError(
                f"It asks for {asked:g} seconds between two requests.",
                self.url,
                f"Ask the site's operator for a rule for {AGENT}.",
            )
        return max(0.0, asked)

    def sitemaps(self) -> list[str]:
        """Addresses of sitemaps, as written."""
        return list(self.rules.sitemaps)


def parse_robots(url: str, body: bytes) -> Robots:
    """The rules in a robots.txt; none where it is empty."""
    from protego import Protego

    return Robots(Protego.parse(body[:MAX_BYTES].decode("utf-8-sig", "replace")), url)


def missing_means_free(error: FetchFailed) -> bool:
    """Whether a robots.txt that can't be had leaves all open (RFC 9309): 4xx does, faults don't."""
    return not error.is_temporary and error.reason != "refused-address"

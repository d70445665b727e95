"""One spelling for each address, and which addresses belong to the site."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import quote, urljoin, urlsplit

from connectors.web.addresses import plain_host
from connectors.web.failure import FetchFailed, refused

PORTS = {"http": 80, "https": 443}
MAX_LENGTH = 2000
"""Longer addresses come from links that grow with every page."""
_LONGEST = 10_000  # characters; longer references are no addresses
_PATH_SAFE = "/%:@!$&'()*+,;=~-._"
_QUERY_SAFE = _PATH_SAFE + "?[]"
_TRACKING = re.compile(
    r"utm_\w+|gclid|dclid|fbclid|msclkid|yclid|igshid|mc_[ce]id|_ga|_gl|_hs(?:enc|mi)"
    r"|phpsessid|jsessionid|aspsessionid\w*|cfid|cftoken|sid|sessionid|session_id",
    re.IGNORECASE,
)
_SESSION_IN_PATH = re.compile(r";jsessionid=[^/;?]*", re.IGNORECASE)


def normal(reference: str, base: str = "") -> str:
    """The address in its one spelling: host in ASCII, no default port, no fragment, no `..`,
    no tracking parameters or session ids, the other parameters sorted.

    Raises FetchFailed for what is no web address or holds a password.
    """
    if len(reference) > _LONGEST:
        raise FetchFailed("broken-address", "It is too long for an address. Correct the link.")
    try:
        parts = urlsplit(urljoin(base, reference.strip()))
        port = parts.port
    except ValueError as exc:
        raise FetchFailed("broken-address", "It is no valid address. Correct the link.") from exc
    if parts.scheme not in PORTS:
        raise refused("Only http and https addresses are fetched. Leave it out.")
    if "@" in parts.netloc or "\\" in parts.netloc:
        raise refused("It has a user name or password in it. Link it without.")
    host = plain_host(parts.hostname or "")
    if port is not None and port != PORTS[parts.scheme]:
        host += f":{port}"
    path = quote(_without_dots(_SESSION_IN_PATH.sub("", parts.path)), safe=_PATH_SAFE)
    query = quote(_query(parts.query), safe=_QUERY_SAFE)
    path = re.sub(r"%[0-9a-fA-F]{2}", lambda match: match[0].upper(), path)
    return f"{parts.scheme}://{host}{path}" + (f"?{query}" if query else "")


def without_login(reference: str) -> str:
    """A refused reference as it may be shown: no user name or password, not too long."""
    head, at, tail = reference.rpartition("@")
    return (head.partition("//")[0][:20] + "//…@" if at else "") + tail[:200]


def _without_dots(path: str) -> str:
    kept: list[str] = []
    segments = path.split("/")[1:] or [""]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)


def _query(query: str) -> str:
    pairs = [pair for pair in query.split("&") if pair]
    return "&".join(sorted(p for p in pairs if not _TRACKING.fullmatch(p.partition("=")[0])))


@dataclass(frozen=True, slots=True)
class Site:
    """What counts as the same site: a scheme, host and port, and other names for them."""

    scheme: str
    host: str
    port: int
    aliases: frozenset[str] = frozenset()

    @property
    def origin(self) -> str:
        """`https://host` with the port where it is not the usual one."""
        shown = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{shown}" + (
            "" if self.port == PORTS[self.scheme] else f":{self.port}"
        )

    def place(self, url: str) -> str | None:
        """A normal address under the site's own scheme and name; None where it is elsewhere."""
        scheme, host, port = origin_of(url)
        if host != self.host and host not in self.aliases:
            return None
        usual = PORTS[scheme] == port and PORTS[self.scheme] == self.port
        if not usual and (scheme, port) != (self.scheme, self.port):
            return None
        if (scheme, self.scheme) == ("https", "http"):
            return url.replace(f"//{host}", f"//{self.host}", 1)
        parts = urlsplit(url)
        return self.origin + parts.path + (f"?{parts.query}" if parts.query else "")

    def moved(self, url: str) -> Site | None:
        """The site after its start page has led to `url`: `www.` and https may come or go."""
        scheme, host, port = origin_of(url)
        if host.removeprefix("www.") != self.host.removeprefix("www."):
            return None
        usual = PORTS[scheme] == port and PORTS[self.scheme] == self.port
        if port != self.port and not usual:
            return None
        aliases = self.aliases | {self.host}
        return replace(self, scheme=scheme, host=host, port=port, aliases=aliases - {host})


def origin_of(url: str) -> tuple[str, str, int]:
    """Scheme, host and port of a normal address."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or PORTS[parts.scheme]


def site_of(url: str) -> Site:
    """The site of a normal address."""
    return Site(*origin_of(url))


def trap_pattern(url: str) -> str:
    """The form of an address that a server may have no end of: parameters, dates in the path.
    Empty where there is nothing of the kind."""
    parts = urlsplit(url)
    path = re.sub(r"\d+", "0", parts.path)
    keys = "&".join(sorted({pair.partition("=")[0] for pair in parts.query.split("&") if pair}))
    dated = re.search(r"/(?:19|20|21)\d\d[/-]\d{1,2}(?:[/-]|$)", parts.path)
    return f"{path}?{keys}" if keys or dated else ""


def is_circle(url: str) -> bool:
    """Whether the address is one that broken relative links build up: `/a/b/a/b/a/b/`."""
    segments = [segment for segment in urlsplit(url).path.split("/") if segment]
    return len(url) > MAX_LENGTH or any(segments.count(segment) > 3 for segment in set(segments))

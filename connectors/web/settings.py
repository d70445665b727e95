"""What bot.toml says about websites, in the connectors' terms."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WebSettings:
    """How a website is crawled."""

    depth: int = 3
    """Most links from the start page to a page."""
    pages: int = 500
    """Most pages and files that are imported from one site."""
    requests_per_second: float = 2.0
    """Most requests to a site; a longer `Crawl-delay` of its robots.txt wins."""
    seconds_per_request: int = 30
    """Whole time of one request, from the look-up of the name to the last byte."""
    include: tuple[str, ...] = ()
    """gitignore patterns of paths: where there are some, only matching pages are imported."""
    exclude: tuple[str, ...] = ()
    """gitignore patterns of paths that are left out."""
    allow_private_hosts: tuple[str, ...] = ()
    """Host names that may lead to private addresses."""
    auth_header_env: str = ""
    """Environment variable with the `Authorization` header for the start host."""
    contact: str = ""
    """Mail or web address in the user agent, for the site's operator."""


DEFAULT_WEB = WebSettings()

"""Ask for one address, only if it has changed, and keep the answer."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from connectors.web.content import readable, suffix_of
from connectors.web.failure import FetchFailed
from connectors.web.fetch import Fetcher, Response
from connectors.web.store import PageStore, StoredPage

SuffixOf = Callable[[str, dict[str, str]], str]
"""Address and headers → the suffix for the body; empty where it is not wanted."""


def ask(
    url: str, fetcher: Fetcher, store: PageStore, suffix_for: SuffixOf = suffix_of
) -> StoredPage:
    """What there is now at the address, as kept in the store. Raises FetchFailed."""
    known = store.get(url)
    response = fetcher.get(
        url,
        known.validators if known and known.body else {},
        accepts=lambda address, headers: bool(suffix_for(address, headers)),
    )
    if response.status == 304 and known is not None:
        return store.note(known)
    if response.location:
        return store.note(StoredPage(url, location=response.location))
    if not 200 <= response.status < 300:
        status = response.status
        raise FetchFailed(f"http-{status}", f"The server answered with status {status}.")
    return _keep(response, store, suffix_for(url, response.headers))


def _keep(response: Response, store: PageStore, suffix: str) -> StoredPage:
    headers = response.headers
    page = StoredPage(
        response.url,
        digest=hashlib.sha256(response.body).hexdigest(),
        content_type=headers.get("content-type", ""),
        etag=headers.get("etag", ""),
        last_modified=headers.get("last-modified", ""),
        robots=headers.get("x-robots-tag", ""),
    )
    if not suffix:
        return store.note(page)
    if not response.body:
        message = "The server sent 0 bytes. Fill it or leave it out."
        raise FetchFailed("empty", message, is_temporary=True)
    return store.put(page, readable(response.body, suffix, page.content_type), suffix)

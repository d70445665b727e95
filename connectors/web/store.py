"""What was fetched, in the bot's cache folder: a JSON record a page, the bodies by their content.

A body is written before the record that names it, each by replacing a file, so a kill leaves
whole pages only. Nothing is deleted before a crawl is complete.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import tempfile
import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

_UNFINISHED = "unfinished.json"
_LONGEST_PAUSE = 6 * 3600.0  # seconds after which a stopped crawl begins anew


@dataclass(frozen=True, slots=True)
class StoredPage:
    """The last good answer for an address: a body, or where it leads to."""

    url: str
    digest: str = ""
    """SHA-256 (hex) of the body as it came; empty for a redirect."""
    body: str = ""
    """Name of the file with the body; empty where its type is not read."""
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    robots: str = ""
    """The X-Robots-Tag header."""
    location: str = ""
    """Where it redirects to, as written."""
    fetched_at: float = 0.0
    """Unix time of the last answer, a 304 included."""

    @property
    def validators(self) -> dict[str, str]:
        """Headers of a request that asks for it only if it has changed."""
        asked = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in asked.items() if value}


class PageStore:
    """The pages of one site."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._since = 0.0
        (folder / "bodies").mkdir(parents=True, exist_ok=True)

    def begin(self) -> None:
        """A crawl begins, or goes on where one was stopped a short time ago."""
        path = self._folder / _UNFINISHED
        now = time.time()
        try:
            began = float(json.loads(path.read_text(encoding="utf-8"))["began"])
        except (OSError, ValueError, TypeError, KeyError):
            began = 0.0
        if not now - _LONGEST_PAUSE < began <= now:
            began = now
            _replace(path, json.dumps({"began": began}).encode())
        self._since = began

    def is_fresh(self, page: StoredPage) -> bool:
        """Whether this crawl has asked for it already, before it was stopped."""
        return page.fetched_at >= self._since

    def get(self, url: str) -> StoredPage | None:
        """What is kept of an address, if it is whole."""
        try:
            values = json.loads(self._record(url).read_text(encoding="utf-8"))
            page = StoredPage(**values)
        except (OSError, ValueError, TypeError):
            return None
        if page.url != url or (page.body and not self.path(page).is_file()):
            return None
        return page

    def put(self, page: StoredPage, body: bytes, suffix: str) -> StoredPage:
        """Keep a body, under its digest, and the page that has it."""
        digest = hashlib.sha256(body).hexdigest()
        name = f"{digest[:40]}{suffix}"
        page = dataclasses.replace(page, body=name)
        if not self.path(page).is_file():
            _replace(self.path(page), body)
        return self.note(page)

    def note(self, page: StoredPage) -> StoredPage:
        """Keep a page whose body is kept already, or that has none."""
        page = dataclasses.replace(page, fetched_at=time.time())
        _replace(self._record(page.url), json.dumps(dataclasses.asdict(page)).encode())
        return page

    def path(self, page: StoredPage) -> Path:
        """The file with the page's body."""
        return self._folder / "bodies" / Path(page.body).name

    def finish(self, urls: Collection[str]) -> None:
        """The crawl is complete: forget all other addresses, and bodies that nothing names."""
        records = {self._record(url) for url in urls}
        bodies = {page.body for url in urls if (page := self.get(url)) is not None}
        for path in self._folder.glob("*.json"):
            if path not in records:
                path.unlink(missing_ok=True)
        for path in (self._folder / "bodies").iterdir():
            if path.name not in bodies:
                path.unlink(missing_ok=True)

    def _record(self, url: str) -> Path:
        return self._folder / f"{hashlib.sha256(url.encode()).hexdigest()[:40]}.json"


def _replace(path: Path, data: bytes) -> None:
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
    try:
        with os.fdopen(descriptor, "wb") as handle:
            handle.write(data)
            handle.flush()
            os.fsync(handle.fileno())
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)

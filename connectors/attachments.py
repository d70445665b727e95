"""Files inside a file: unpacked one at a time, under names of ours, within limits.

What somebody packed may be a bomb: small to send, endless to unpack. All files that one item
holds, at every depth, share one budget of bytes and of members.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO

from connectors.errors import UnreadableFile
from connectors.faults import fault
from connectors.inner_names import harmless, suffix_of
from connectors.readers import check_supported
from connectors.reading import Attachment
from connectors.records import Rejection
from connectors.settings import ReadingSettings

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

MAX_DEPTH = 3
"""Files around a file: `a.zip/b.zip/c.zip/d.md` is read, one more is not."""
MAX_MEMBERS = 2_000
"""Files in one item, all depths together; a large item may have one for each KB of its own."""
MAX_UNPACKED = 1024**3
"""Bytes of them; a larger item may hold as much as its own size."""
MAX_RATIO = 200
"""How many times its own size an item may unpack to; text packs to a tenth, a bomb to nothing."""
_SMALL = 20 * 1024**2  # bytes that may be unpacked at any ratio
_CHUNK = 1 << 20
PROGRESS = "MONOSHIRI_READING"
"""Environment variable of a worker: the file that names the inner file being read, so that it is
known should the worker not survive that."""


@dataclass(frozen=True, slots=True)
class InnerFile:
    """A file that was inside another one, unpacked for as long as it is read."""

    source: str
    """`outer.zip/inner/path.md`"""
    path: Path


class Unpacking:
    """What one item's inner files have cost so far. A context: leaving it removes the files.

    `size` is the item's own, in bytes. `passed_over` are files that are not to be read again."""

    def __init__(
        self, size: int, settings: ReadingSettings, passed_over: tuple[Rejection, ...] = ()
    ) -> None:
        self._passed_over = {rejection.source: rejection for rejection in passed_over}
        self._progress = os.environ.get(PROGRESS, "")
        self._settings = settings
        self._members = max(MAX_MEMBERS, size // 1024)
        self._bytes = min(max(MAX_UNPACKED, size), max(_SMALL, size * MAX_RATIO))
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._count = 0
        self._spec: GitIgnoreSpec | None = None

    def __enter__(self) -> Unpacking:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._folder is not None:
            self._folder.cleanup()

    def members(
        self, source: str, attachments: Iterable[Attachment], depth: int
    ) -> Iterator[InnerFile | Rejection]:
        """Each file inside `source`, unpacked until the next one is asked for; or why it is not.

        `depth` is the number of files around them. Where the limits end it, the last Rejection is
        named `source/*` and stands for all that were not looked at."""
        taken: set[str] = set()
        rest = f"{source}/*"
        try:
            for attachment in attachments:
                if self._members <= 0 or self._bytes <= 0:
                    yield Rejection(rest, "too-large", _LIMIT_MESSAGE)
                    return
                self._members -= 1
                name = harmless(attachment.name)
                inner = _unique(f"{source}/{name}", taken)
                yield from self._member(InnerFile(inner, self._place(name)), attachment, depth)
        except Exception as exc:  # the container breaks off; what came before it stays
            yield fault(rest, exc)

    def _member(
        self, inner: InnerFile, attachment: Attachment, depth: int
    ) -> Iterator[InnerFile | Rejection]:
        if inner.source in self._passed_over:
            yield self._passed_over[inner.source]
            return
        try:
            if self._ignored(inner.source):
                raise UnreadableFile("ignored", "An ignore rule leaves it out.")
            self._note(inner.source)
            with attachment.open() as content:
                self._check(inner, depth)
                self._unpack(content, inner.path)
        except Exception as exc:
            yield fault(inner.source, exc)
        else:
            yield inner
        finally:
            self._note("")
            inner.path.unlink(missing_ok=True)

    def _note(self, source: str) -> None:
        if self._progress:
            Path(self._progress).write_text(source, encoding="utf-8")

    def _check(self, inner: InnerFile, depth: int) -> None:
        check_supported(inner.path)
        if depth > MAX_DEPTH:
            raise UnreadableFile(
                "too-deep",
                f"It lies in more than {MAX_DEPTH} files, one inside the other.",
                remedy="Unpack the outer one and import what is in it.",
            )

    def _ignored(self, source: str) -> bool:
        if self._spec is None:
            from pathspec import GitIgnoreSpec

            self._spec = GitIgnoreSpec.from_lines(self._settings.ignore)
        return self._spec.match_file(source)

    def _place(self, name: str) -> Path:
        """Where to unpack it: only the suffix of its name is kept."""
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="monoshiri-")
        self._count += 1
        return Path(self._folder.name) / f"{self._count}{suffix_of(name)}"

    def _unpack(self, content: BinaryIO, path: Path) -> None:
        limit = self._settings.max_bytes
        size = 0
        with path.open("xb") as file:
            while piece := content.read(_CHUNK):
                size += len(piece)
                self._bytes -= len(piece)
                if size > limit:
                    message = f"It has over {limit / 1024**2:.0f} MB, the limit."
                    remedy = "Split it, or raise the limit."
                    raise UnreadableFile("too-large", message, remedy=remedy)
                if self._bytes <= 0:
                    raise UnreadableFile("too-large", _LIMIT_MESSAGE)
                file.write(piece)
        if size == 0:
            remedy = "Fill it or leave it out."
            raise UnreadableFile("empty", "The file has 0 bytes.", remedy=remedy)


_LIMIT_MESSAGE = (
    "What is packed here exceeds the limits (files, or bytes for the size of the outer file). "
    "Unpack it and import the folder."
)


def _unique(source: str, taken: set[str]) -> str:
    while source in taken:
        source += " (2)"
    taken.add(source)
    return source

"""A folder (or one file) as a source: what it offers for import, and what it leaves out and why."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from connectors.errors import SourceError, UnreadableFile
from connectors.faults import unreadable
from connectors.item import FileItem
from connectors.readers import check_supported
from connectors.records import Rejection
from connectors.settings import DEFAULT_IGNORE, DEFAULT_SETTINGS, SourceSettings

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

IGNORE_FILE = ".monoshiriignore"

Entry = tuple[str, Path]
"""(source, path): the path relative to the root with `/`, and where it really is"""


class FolderSource:
    """The files under `root`. Raises `SourceError` where `root` doesn't exist or can't be read."""

    def __init__(self, root: Path | str, settings: SourceSettings = DEFAULT_SETTINGS) -> None:
        self.root = Path(root).expanduser()
        self.name = self.root.resolve().name
        self._settings = settings
        self._reading = replace(settings.reading, max_bytes=settings.max_bytes)
        if not self.root.exists():
            raise SourceError("There is no such folder or file.", str(root), "Check the path.")
        if not os.access(self.root, os.R_OK):
            raise SourceError("It can't be read.", str(root), "Check its permissions.")

    def items(self) -> Iterator[FileItem | Rejection]:
        """Every file, in the order of `source`: one to import, or the reason why not.

        An ignored folder or one that can't be listed is one Rejection, its `source` ending in `/`.
        """
        if self.root.is_file():
            yield self._examine((_printable(self.root.name), self.root))
            return
        root = self.root.resolve()
        found: dict[str, tuple[Entry, Rejection | None]] = {}
        for entry, rejection in _walk(root, self._spec(root)):
            source = unicodedata.normalize("NFC", entry[0])
            while source in found:  # spellings of one name (NFC, NFD) side by side: keep both
                source += " (2)"
            found[source] = (entry, rejection)
        for source in sorted(found):
            (_, path), rejection = found[source]
            yield replace(rejection, source=source) if rejection else self._examine((source, path))

    def _spec(self, root: Path) -> GitIgnoreSpec:
        from pathspec import GitIgnoreSpec

        lines = [*DEFAULT_IGNORE, *self._settings.ignore]
        path = root / IGNORE_FILE
        try:
            if path.is_file():
                lines += path.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as exc:
            raise SourceError("It can't be read.", str(path), "Save it as UTF-8 text.") from exc
        self._reading = replace(self._reading, ignore=tuple(lines))
        return GitIgnoreSpec.from_lines(lines)

    def _examine(self, entry: Entry) -> FileItem | Rejection:
        """A file by what its name and status say; nothing is opened."""
        source, path = entry
        try:
            status = path.stat()
            check_supported(path)
        except OSError as exc:
            return unreadable(source, exc)
        except UnreadableFile as exc:
            return Rejection(source, exc.reason, f"{exc.what} {exc.remedy}")
        if not stat.S_ISREG(status.st_mode):
            return Rejection(source, "unsupported", "It is a device or pipe. Leave it out.")
        item = FileItem(source, path, status.st_size, status.st_mtime_ns, self._reading)
        return unfit(source, status.st_size, self._settings.max_bytes) or item


def unfit(source: str, size: int, max_bytes: int) -> Rejection | None:
    """Why a file of so many bytes isn't read; None where it may be."""
    if size == 0:
        return Rejection(source, "empty", "The file has 0 bytes. Fill it or leave it out.")
    if size > max_bytes:
        shown, limit = (f"{n / 1024**2:.0f} MB" for n in (size, max_bytes))
        message = f"It has {shown}, the limit is {limit}. Split it, or raise the limit."
        return Rejection(source, "too-large", message)
    return None


def _walk(root: Path, spec: GitIgnoreSpec) -> Iterator[tuple[Entry, Rejection | None]]:
    """Every file below the root, and the folders and links that aren't entered, with the reason."""
    pending: list[Entry] = [("", root)]
    while pending:
        prefix, folder = pending.pop()
        try:
            paths = sorted(folder.iterdir())
        except OSError as exc:
            yield (prefix, folder), unreadable(prefix, exc)
            continue
        for path in paths:
            entry = (prefix + _printable(path.name), path)
            is_folder = entry[1].is_dir()
            entry = (entry[0] + "/", entry[1]) if is_folder else entry
            rejection = _left_out(entry, root, spec)
            if rejection is None and is_folder:
                pending.append(entry)
            else:
                yield entry, rejection


def _left_out(entry: Entry, root: Path, spec: GitIgnoreSpec) -> Rejection | None:
    source, path = entry
    if spec.match_file(source):
        return Rejection(source, "ignored", "An ignore rule leaves it out.")
    if path.is_symlink():
        return _link(source, path, root)
    return None


def _link(source: str, path: Path, root: Path) -> Rejection | None:
    """Links to files inside the root are read; links to folders never: they may form circles."""
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError):  # RuntimeError: a circle, before Python 3.13
        return Rejection(source, "unreadable", "It is a broken link. Mend or remove it.")
    if not target.is_relative_to(root):
        message = "It is a link to outside the folder. Copy the target into the folder."
        return Rejection(source, "link-outside", message)
    if target.is_dir():
        message = "It is a link to a folder that is imported under its own path."
        return Rejection(source, "ignored", message)
    return None


def _printable(name: str) -> str:
    """A file name as Unicode; names in Shift_JIS from old archives are decoded."""
    try:
        name.encode()
    except UnicodeEncodeError:
        raw = os.fsencode(name)
        try:
            return raw.decode("cp932")
        except UnicodeDecodeError:
            return raw.decode("utf-8", "backslashreplace")
    return name

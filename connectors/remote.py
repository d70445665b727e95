"""Files of any file system that fsspec knows: `s3://…`, `sftp://…`, `gs://…`, `zip://…`.

What changed is copied into the bot's cache by this process, which has the credentials; the workers
that read the files have none.
"""

from __future__ import annotations

import ftplib
import hashlib
import re
import unicodedata
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from connectors.errors import SourceError, UnreadableFile
from connectors.folder import IGNORE_FILE, unfit
from connectors.item import FileItem
from connectors.readers import check_supported
from connectors.records import Rejection
from connectors.scratch import Scratch
from connectors.settings import DEFAULT_IGNORE, SourceSettings

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem
    from pathspec import GitIgnoreSpec

_MARKS = (
    "size etag md5 md5hash crc crc32c content_hash generation version_id lastmodified "
    "last_modified mtime modify modified updated date_time created"
).split()
"""What file systems call that by which a changed file is told, in lower case."""
_REFUSED = (FileNotFoundError, PermissionError, IsADirectoryError, ftplib.error_perm)
_PIECE = 1024 * 1024
_MOST_IGNORE_BYTES = 1024 * 1024
_DEPTH = 64  # folders in folders: a server may show a circle

Info = dict[str, Any]
"""What the file system says of a file or folder; `name` is its whole path, `size` its bytes."""


class RemoteSource:
    """The files below an address. Credentials come from the file system's own settings and fsspec's
    environment variables (`FSSPEC_SFTP_USERNAME`)."""

    def __init__(self, url: str, settings: SourceSettings) -> None:
        self._url = url
        self._settings = settings
        self._reading = replace(settings.reading, max_bytes=settings.max_bytes)
        scheme = url.partition(":")[0].lower()
        if re.search(r"//[^/@]*:[^/@]*@", url):
            remedy = "Put it into an environment variable of fsspec (docs/configuration.md)."
            raise SourceError("The address holds a password.", f"{scheme}://…", remedy)
        if settings.cache is None:
            raise SourceError("There is no folder to copy its files to.", url, "Name a cache.")
        self._cache = settings.cache / "remote" / _hash(url)
        self.name = PurePosixPath(url.rpartition("://")[2]).name or scheme

    def items(self) -> Iterator[FileItem | Rejection]:
        """Every file by name: copied to this disk, or the reason why not. Raises SourceError where
        the file system can't be reached."""
        kept: set[Path] = set()
        with _translated(self._url):
            files, root = _open(self._url)
            lines = _ignore_lines(files, root, self._settings.ignore)
            self._reading = replace(self._reading, ignore=lines)
            listed = _listing(files, root, lines)
        for source, entry in sorted(listed.items()):
            item = entry if isinstance(entry, Rejection) else self._item(files, source, entry)
            if isinstance(item, FileItem):
                kept.add(item.path)
            yield item
        if self._cache.is_dir():  # copies of files that are gone or have changed
            for path in self._cache.iterdir():
                if path not in kept:
                    path.unlink()

    def _item(self, files: AbstractFileSystem, source: str, info: Info) -> FileItem | Rejection:
        """The file as a copy on this disk: the one that is there, where nothing changed."""
        size = int(info.get("size") or 0)
        limit = self._settings.max_bytes
        try:
            check_supported(Path(source))
        except UnreadableFile as exc:
            return Rejection(source, exc.reason, f"{exc.what} {exc.remedy}")
        if rejection := unfit(source, size, limit):
            return rejection
        # Names made of hashes: those of a server may lead anywhere.
        path = self._cache / f"{_hash(source)}-{_mark(info)}{PurePosixPath(source).suffix.lower()}"
        if not path.exists():
            with _translated(self._url):
                try:
                    if not _copy(files, info["name"], path, limit):
                        return unfit(source, limit + 1, limit) or _gone(source)
                except _REFUSED:
                    return _gone(source)
        status = path.stat()
        return FileItem(source, path, status.st_size, status.st_mtime_ns, self._reading)


def open_remote(spec: str, settings: SourceSettings) -> RemoteSource:
    """The files below an address of fsspec."""
    return RemoteSource(spec, settings)


@contextmanager
def _translated(url: str) -> Iterator[None]:
    """SourceError for whatever a file system raises: each has errors of its own."""
    try:
        yield
    except SourceError:
        raise
    except ImportError as exc:
        what = f"Sources of type {url.partition(':')[0]} need a package that is not installed."
        raise SourceError(what, url, "Install fsspec's package for it.") from exc
    except Exception as exc:
        what = f"It can't be reached or read ({type(exc).__name__})."
        remedy = "Check the address, the network and the credentials."
        raise SourceError(what, url, remedy) from exc


def _open(url: str) -> tuple[AbstractFileSystem, str]:
    from fsspec.core import url_to_fs

    # Without what an earlier listing remembered: that would hide changes.
    files, root = url_to_fs(url, skip_instance_cache=True, use_listings_cache=False)
    return files, str(root)


def _listing(
    files: AbstractFileSystem, root: str, ignore: tuple[str, ...]
) -> dict[str, Info | Rejection]:
    """Every file below the root by its path relative to it, and what isn't entered or read."""
    from pathspec import GitIgnoreSpec

    if files.isfile(root):
        info = files.info(root)
        return {_printable(PurePosixPath(root).name): info}
    spec = GitIgnoreSpec.from_lines(ignore)
    found: dict[str, Info | Rejection] = {}
    pending = [("", root)]
    while pending:
        prefix, folder = pending.pop()
        for info in files.ls(folder, detail=True):
            name = str(info["name"]).rstrip("/").rpartition("/")[2]
            if not name or str(info["name"]).strip("/") == folder.strip("/"):
                continue  # S3 lists a folder as a part of itself
            kind = info.get("type")
            source = prefix + _printable(name) + ("/" if kind == "directory" else "")
            while source in found:  # spellings of one name side by side
                source += " (2)"
            if rejection := _left_out(source, str(kind), spec):
                found[source] = rejection
            elif kind == "directory":
                pending.append((source, str(info["name"])))
            else:
                found[source] = info
    return found


def _left_out(source: str, kind: str, spec: GitIgnoreSpec) -> Rejection | None:
    if spec.match_file(source):
        return Rejection(source, "ignored", "An ignore rule leaves it out.")
    if kind not in ("file", "directory"):
        return Rejection(source, "unsupported", "It is a link or device. Leave it out.")
    if source.count("/") > _DEPTH:
        return Rejection(source, "ignored", f"It is over {_DEPTH} folders deep.")
    return None


def _ignore_lines(files: AbstractFileSystem, root: str, ignore: tuple[str, ...]) -> tuple[str, ...]:
    lines = [*DEFAULT_IGNORE, *ignore]
    path = f"{root.rstrip('/')}/{IGNORE_FILE}" if root else IGNORE_FILE
    if files.exists(path):
        with files.open(path, "rb") as file:
            lines += file.read(_MOST_IGNORE_BYTES).decode("utf-8-sig").splitlines()
    return tuple(lines)


def _copy(files: AbstractFileSystem, name: str, target: Path, limit: int) -> bool:
    """Copy a file in pieces and put it in place whole; False where it is larger than listed."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with closing(Scratch("part", target.parent.parent)) as scratch:
        part = scratch.path / "part"
        copied = 0
        with files.open(name, "rb") as source, part.open("wb") as copy:
            while piece := source.read(_PIECE):
                copied += len(piece)
                if copied > limit:
                    return False
                copy.write(piece)
        part.replace(target)
    return True


def _gone(source: str) -> Rejection:
    message = "The server listed it, but doesn't give it. Check its permissions and import again."
    return Rejection(source, "unreadable", message)


def _mark(info: Info) -> str:
    """Tells whether the file changed: by size, time and checksum, as far as they are stated."""
    stated = sorted((key.lower(), str(value)) for key, value in info.items())
    return _hash(repr([(key, value) for key, value in stated if key in _MARKS]))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def _printable(name: str) -> str:
    return unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode("utf-8"))

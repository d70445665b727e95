"""Temporary folders. What a killed process leaves of them, the next start removes."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import weakref
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO

_PREFIX = "monoshiri-"
_OWNER = ".owner"  # a file whose lock lasts as long as the process that made the folder


class Scratch:
    """A private folder, `path`, gone with what is in it after `close`, or with this object."""

    def __init__(self, purpose: str, within: Path | None = None) -> None:
        """`purpose`: a word for its name. `within`: where it is made; among the system's temporary
        folders where that is left out."""
        parent = within or Path(tempfile.gettempdir())
        remove_abandoned(parent)
        self.path = Path(tempfile.mkdtemp(dir=parent, prefix=f"{_PREFIX}{purpose}-"))
        self.close = weakref.finalize(self, _remove, self.path, _owned(self.path))


def remove_abandoned(parent: Path) -> None:
    """Remove the user's folders in `parent` whose processes ended without (not on Windows)."""
    if sys.platform == "win32":
        return
    for folder in _ours(parent):
        with suppress(OSError), (folder / _OWNER).open("r+") as owner:
            _lock(owner)
            shutil.rmtree(folder, ignore_errors=True)


def _ours(parent: Path) -> Iterator[Path]:
    with os.scandir(parent) as entries:
        for entry in entries:
            if entry.name.startswith(_PREFIX) and entry.is_dir(follow_symlinks=False):
                with suppress(OSError):
                    if entry.stat(follow_symlinks=False).st_uid == os.getuid():
                        yield Path(entry.path)


def _owned(folder: Path) -> IO[str] | None:
    if sys.platform == "win32":
        return None
    fresh = folder / f"{_OWNER}.new"
    owner = fresh.open("w")
    with suppress(OSError):  # a file system without locks: then nobody else gets one either
        _lock(owner)
    fresh.rename(folder / _OWNER)  # nobody sees it before it is locked
    return owner


def _remove(folder: Path, owner: IO[str] | None) -> None:
    if owner:
        owner.close()
    shutil.rmtree(folder, ignore_errors=True)


def _lock(file: IO[str]) -> None:
    """Raises OSError where another process holds it."""
    import fcntl

    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

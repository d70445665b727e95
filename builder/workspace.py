"""The bot's folder: where each stage keeps its work, written so that a kill loses nothing.

Files are replaced atomically; a stage's manifest is written last, so its existence means that the
stage's output is complete and was made from the inputs that it names.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from builder.errors import StageMissing, WorkspaceError
from builder.jsonl import dump_lines, from_object, to_line
from builder.records import StageReport

STAGES = ("import", "prepare", "index", "generate", "train", "evaluate")
COMMAND_OF = {"prepare": "import"}


@dataclass(frozen=True, slots=True)
class Manifest:
    """That a stage is complete, from which inputs (`fingerprint`), and what it reported."""

    stage: str
    fingerprint: str
    report: StageReport


class Workspace:
    """Paths and safe writing inside one bot's folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def config(self) -> Path:
        return self.root / "bot.toml"

    @property
    def database(self) -> Path:
        return self.root / "bot.db"

    @property
    def documents(self) -> Path:
        return self.root / "documents" / "documents.jsonl"

    @property
    def rejections(self) -> Path:
        return self.root / "documents" / "rejected.jsonl"

    @property
    def chunks(self) -> Path:
        return self.root / "chunks" / "chunks.jsonl"

    @property
    def index(self) -> Path:
        return self.root / "index"

    @property
    def dataset(self) -> Path:
        return self.root / "dataset"

    @property
    def adapters(self) -> Path:
        return self.root / "adapters"

    @property
    def reports(self) -> Path:
        return self.root / "reports"

    def require(self) -> None:
        """Raise WorkspaceError unless this is a bot's folder."""
        if not self.config.is_file():
            raise WorkspaceError(
                "no bot here (bot.toml is missing).",
                str(self.root),
                "Build one with `monoshiri build SOURCE --out " + str(self.root) + "`.",
            )

    def manifest(self, stage: str) -> Manifest | None:
        """The stage's manifest, or None when the stage has not been completed."""
        path = self._manifest_path(stage)
        try:
            value = json.loads(path.read_text(encoding="utf-8"))
            return from_object(Manifest, value)
        except FileNotFoundError:
            return None
        except ValueError as exc:
            raise WorkspaceError(
                "the manifest is damaged.", str(path), "Delete it and run the stage again."
            ) from exc

    def completed_at(self, stage: str) -> int:
        """When the stage was completed (ns), for comparisons; 0 where it was not."""
        path = self._manifest_path(stage)
        return path.stat().st_mtime_ns if path.exists() else 0

    def need(self, stage: str) -> Manifest:
        """The stage's manifest; raises StageMissing naming the command that makes it."""
        found = self.manifest(stage)
        if found is None:
            command = COMMAND_OF.get(stage, stage)
            raise StageMissing(
                f"the {stage} stage has not been run.",
                str(self.root),
                f"Run `monoshiri {command} {self.root}` first.",
            )
        return found

    def complete(self, manifest: Manifest) -> None:
        """Write the stage's manifest: the last write of a stage."""
        write_text(self._manifest_path(manifest.stage), to_line(manifest) + "\n")

    def reopen(self, stage: str) -> None:
        """Take the stage's manifest away before its files are replaced one after the other: a run
        that is killed between two of them counts as not run."""
        self._manifest_path(stage).unlink(missing_ok=True)

    def _manifest_path(self, stage: str) -> Path:
        return self.root / "manifests" / f"{stage}.json"

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the folder for one writing run; raises WorkspaceError when another run holds it."""
        import fcntl

        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / ".lock").open("w") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as exc:
                raise WorkspaceError(
                    "another monoshiri run is working here.",
                    str(self.root),
                    "Wait for it to end, or stop it.",
                ) from exc
            yield


@contextlib.contextmanager
def atomic_file(path: Path) -> Iterator[IO[str]]:
    """A text file that replaces `path` when the block ends well, and leaves it alone otherwise.

    Raises WorkspaceError when the disk is full.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
            yield handle
            handle.flush()
            os.fsync(handle.fileno())
        Path(name).replace(path)
    except OSError as exc:
        if exc.errno == errno.ENOSPC:
            raise WorkspaceError(
                "the disk is full; what was there before is untouched.",
                str(path),
                "Free some space and run the command again.",
            ) from exc
        raise
    finally:
        Path(name).unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Replace `path` by `text`, atomically."""
    with atomic_file(path) as handle:
        handle.write(text)


def write_jsonl(path: Path, records: Iterable[Any]) -> int:
    """Replace `path` by the records, atomically and streaming; returns how many."""
    count = 0
    with atomic_file(path) as handle:
        for line in dump_lines(records):
            handle.write(line)
            count += 1
    return count


def fingerprint(*parts: object) -> str:
    """SHA-256 (hex) over the parts: a Path counts by its bytes, anything else by its JSON."""
    digest = hashlib.sha256()
    for part in parts:
        if isinstance(part, Path):
            digest.update(file_hash(part).encode())
        else:
            digest.update(json.dumps(part, sort_keys=True, default=str).encode())
        digest.update(b"\0")
    return digest.hexdigest()


def file_hash(path: Path) -> str:
    """SHA-256 (hex) of a file's bytes; of nothing where the file does not exist."""
    if not path.exists():
        return hashlib.sha256().hexdigest()
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()

"""Readers that behave as one that a file has taken over would."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from connectors.formats import markdown
from connectors.item import FileItem, document_id, read_file
from connectors.reading import InputFile, Reading
from connectors.records import Document, Part, Rejection


@dataclass(frozen=True, slots=True)
class NeedyItem(FileItem):
    """An item that can't be read without a password."""

    environment: tuple[str, ...] = ("DATABASE_PASSWORD",)


def _document(item: FileItem, text: str) -> Document:
    digest = hashlib.sha256(text.encode()).hexdigest()
    parts = (Part("", text),)
    return Document(document_id(item.source), item.source, "t", "en", "md", digest, parts)


def start_a_child(item: FileItem) -> Iterator[Document | Rejection]:
    """Starts a program that would run for minutes, writes its number beside the file, and ends as
    the file's name says."""
    place = item.path.with_name(f"{item.path.name}.child")
    if not place.exists():
        child = subprocess.Popen(
            [sys.executable, "-c", "import time; time.sleep(300)"],
            start_new_session="apart" in item.source,
        )
        place.write_text(str(child.pid))
        if "timeout" in item.source:
            time.sleep(60)
        if "crash" in item.source:
            os.abort()
    yield read_file(item)


def read_then_crash(item: FileItem) -> Iterator[Document | Rejection]:
    """One document, then the end."""
    yield read_file(item)
    os.abort()


def read_inner_or_fail(item: FileItem) -> Iterator[Document | Rejection]:
    """Files inside the item that fail as their text says."""
    real = markdown.read

    def read(file: InputFile) -> Reading:
        text = file.path.read_text(encoding="utf-8")
        if "crash" in text:
            os.abort()
        if "hang" in text:
            time.sleep(60)
        return real(file)

    markdown.read = read
    yield from item.read()


def show_environment(item: FileItem) -> Iterator[Document | Rejection]:
    """All that this process knows of its environment."""
    lines = [f"{name}={value}" for name, value in os.environ.items()]
    if sys.platform == "linux":
        lines.append(Path("/proc/self/environ").read_text().replace("\0", "\n"))
    yield _document(item, "\n".join(lines))


def leave_files(item: FileItem) -> Iterator[Document | Rejection]:
    """A temporary folder that nobody removes."""
    folder = tempfile.mkdtemp()
    (Path(folder) / "copy").write_bytes(item.path.read_bytes())
    yield _document(item, folder)


def print_content(item: FileItem) -> Iterator[Document | Rejection]:
    """What a careless library does."""
    content = item.path.read_bytes()
    os.write(1, content)
    os.write(2, content)
    yield read_file(item)

"""Files and megabytes read a second, and peak memory: `python -m benchmarks.importing FOLDER`.

Beside it, on the same files in the same run, markitdown and LangChain's loaders, where they are
installed (a second argument may name a Python that has them). Each reads every file that it has a
reader for; what it can't read is counted as failed. Three rounds, one after the other, so that a
noisy machine is the same for all.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Literal

from benchmarks.memory import measured
from connectors.item import FileItem
from connectors.records import Document
from connectors.settings import ReadingSettings, SourceSettings
from connectors.sources import open_source
from connectors.worker import read_items

ROUNDS = 3
COMMON = (".md", ".txt", ".html", ".htm", ".docx", ".pdf", ".xlsx", ".pptx", ".csv", ".json")
"""Suffixes that all of them take."""

MARKITDOWN = """
import sys
from markitdown import MarkItDown
reader = MarkItDown(enable_plugins=False)
done = 0
for name in sys.stdin.read().split("\\0"):
    try:
        done += bool(reader.convert(name).text_content.strip())
    except Exception:
        pass
print(done)
"""
LANGCHAIN = """
import sys
from pathlib import Path
from langchain_community import document_loaders as them
from langchain_community.document_loaders import csv_loader, pdf, text, word_document
kinds = {".pdf": pdf.PyPDFLoader, ".csv": csv_loader.CSVLoader,
         ".docx": word_document.Docx2txtLoader, ".html": them.BSHTMLLoader,
         ".htm": them.BSHTMLLoader}
done = 0
for name in sys.stdin.read().split("\\0"):
    kind = kinds.get(Path(name).suffix.lower(), text.TextLoader)
    try:
        done += any(d.page_content.strip() for d in kind(name).load())
    except Exception:
        pass
print(done)
"""


def main(folder: str, python: str = sys.executable) -> None:
    """Read the folder in rounds and print a line for each reader and round."""
    items, plain = _files(folder, "auto"), _files(folder, "off")
    print("| round | reader | files | read | seconds | files/s | MB/s | peak MB with children |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for number in range(1, ROUNDS + 1):
        for name, some in (("monoshiri", items), ("monoshiri, no OCR", plain)):
            with measured() as spent:
                read = sum(isinstance(outcome, Document) for outcome in _read(some))
            _line(number, name, some, read, spent.seconds, spent.children_mb + spent.parent_mb)
        for name, script in (("markitdown", MARKITDOWN), ("langchain", LANGCHAIN)):
            command = [python, "-W", "ignore", "-c", script]
            names = "\0".join(str(item.path) for item in items)
            with measured() as spent:
                ended = subprocess.run(
                    command, input=names, capture_output=True, text=True, check=False
                )
            if ended.returncode:
                print(f"| {number} | {name} | not installed | | | | | |")
                continue
            read = int(ended.stdout.splitlines()[-1])
            _line(number, name, items, read, spent.seconds, spent.children_mb)


def _files(folder: str, ocr: Literal["off", "auto"]) -> list[FileItem]:
    """The files of a folder that all can read. The peers don't read scans."""
    reading = ReadingSettings(ocr=ocr)
    return [
        item
        for item in open_source(folder, SourceSettings(reading=reading)).items()
        if isinstance(item, FileItem) and item.path.suffix.lower() in COMMON
    ]


def _read(items: list[FileItem]) -> Iterator[object]:
    return chain.from_iterable(read_items(items, seconds_per_file=120, memory_mb=2000))


def _line(
    number: int, name: str, items: list[FileItem], read: int, seconds: float, peak: float
) -> None:
    megabytes = sum(Path(item.path).stat().st_size for item in items) / 1e6
    rates = f"{len(items) / seconds:.1f} | {megabytes / seconds:.2f} | {peak:.0f}"
    print(f"| {number} | {name} | {len(items)} | {read} | {seconds:.1f} | {rates} |", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])

"""PDF readers side by side: `python -m benchmarks.reading_pdf MANIFEST.jsonl [PAGES]`.

Quality is the share of the manifest's `must_contain` strings found, NFKC-folded and without white
space; speed and memory are those of one long PDF (1,600 pages). Each reader has a process of its
own; what isn't installed is left out: `pip install pdfplumber "markitdown[pdf]"
langchain-community`.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import resource
import sys
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

Reader = Callable[[Path, str], str]


@dataclass(frozen=True, slots=True)
class Case:
    """One file of the manifest."""

    path: Path
    password: str
    must_contain: tuple[str, ...]


def monoshiri(path: Path, password: str) -> str:
    """This project's reader, without OCR."""
    from connectors.formats.pdf import read
    from connectors.reading import InputFile
    from connectors.settings import ReadingSettings

    os.environ["MONOSHIRI_PDF_PASSWORDS"] = password
    reading = read(InputFile(path, ReadingSettings(ocr="off")))
    return "\n".join(part.text for part in reading.parts)


def pypdf(path: Path, password: str) -> str:
    from pypdf import PdfReader

    return "\n".join(p.extract_text() for p in PdfReader(path, password=password or None).pages)


def pdfplumber(path: Path, password: str) -> str:
    import pdfplumber as library  # type: ignore[import-not-found,unused-ignore]

    with library.open(path, password=password) as document:
        return "\n".join(page.extract_text() for page in document.pages)


def markitdown(path: Path, _password: str) -> str:
    """It takes no password."""
    from markitdown import MarkItDown  # type: ignore[import-not-found,unused-ignore]

    return str(MarkItDown().convert(path).text_content)


def pypdf_loader(path: Path, password: str) -> str:
    """LangChain's PyPDFLoader."""
    from langchain_community.document_loaders import (  # type: ignore[import-not-found,unused-ignore]
        PyPDFLoader,
    )

    return "\n".join(d.page_content for d in PyPDFLoader(path, password=password or None).load())


READERS: dict[str, Reader] = {
    "monoshiri": monoshiri,
    "pypdf": pypdf,
    "pdfplumber": pdfplumber,
    "markitdown": markitdown,
    "LangChain PyPDFLoader": pypdf_loader,
}


def main(manifest: str, pages: str = "1600") -> None:
    """One row a reader: quality on the manifest, pages a second and peak memory on long PDFs."""
    cases = _cases(Path(manifest))
    with TemporaryDirectory() as folder:
        long = _long_pdf(Path(folder) / "long.pdf", int(pages))
        print(f"| reader | strings found | seconds | pages/CPU s ({pages} pages) | peak MB |")
        print("| --- | --- | --- | --- | --- |")
        for name in READERS:
            found = _apart(_quality, name, cases)
            speed = _apart(_speed, name, long, int(pages))
            if isinstance(found, str) or isinstance(speed, str):
                print(f"| {name} | {found} | | {speed} | |")
                continue
            total = sum(len(case.must_contain) for case in cases)
            print(
                f"| {name} | {found[0]:.0f} of {total} | {found[1]:.1f} "
                f"| {speed[0]:.0f} | {speed[1]:.0f} |"
            )


def _cases(manifest: Path) -> list[Case]:
    rows = map(json.loads, manifest.read_text(encoding="utf-8").splitlines())
    return [
        Case(manifest.parent / r["path"], r.get("password", ""), tuple(r["must_contain"]))
        for r in rows
        if r["kind"] == "pdf" and r["must_contain"]
    ]


def _quality(name: str, cases: list[Case]) -> tuple[float, float]:
    """(strings found, seconds)."""
    READERS[name](cases[0].path, cases[0].password)  # its imports don't count
    began, found = time.perf_counter(), 0
    for case in cases:
        try:
            text = _folded(READERS[name](case.path, case.password))
        except Exception:  # a reader that fails on a file has found nothing in it
            text = ""
        found += sum(_folded(string) in text for string in case.must_contain)
    return float(found), time.perf_counter() - began


def _speed(name: str, path: Path, pages: int) -> tuple[float, float]:
    """(pages a CPU second, peak memory in MB)."""
    began = time.process_time()
    READERS[name](path, "")
    seconds = time.process_time() - began
    return pages / seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _apart(
    function: Callable[..., tuple[float, float]], *arguments: object
) -> tuple[float, float] | str:
    """The function's result from a process of its own, or why there is none."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        try:
            return pool.apply(function, arguments)
        except ImportError as exc:
            return f"not installed ({exc.name})"
        except Exception as exc:
            return f"fails ({type(exc).__name__})"


def _long_pdf(path: Path, pages: int) -> Path:
    """A Japanese manual with a running head, headings, text and a table on each page."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("HeiseiMin-W3"))
    canvas = Canvas(str(path), pagesize=A4)
    for page in range(1, pages + 1):
        canvas.setFont("HeiseiMin-W3", 8)
        canvas.drawString(60, 810, "業務用冷蔵庫　取扱説明書")
        canvas.drawCentredString(297, 25, f"- {page} -")
        canvas.setFont("HeiseiMin-W3", 15)
        canvas.drawString(60, 780, f"第{page}章　点検の手順")
        canvas.setFont("HeiseiMin-W3", 10)
        for line in range(24):
            text = f"部品{page}の{line}番目は水平な床に置き、背面と側面に十分なすき間をあける。"
            canvas.drawString(60, 750 - 17 * line, text)
        canvas.grid([60, 160, 360, 500], [330 - 20 * row for row in range(11)])
        for row in range(10):
            for x, cell in zip(
                (65, 165, 365), (f"KT-{row}", f"部品{row}", f"{row * 100}円"), strict=True
            ):
                canvas.drawString(x, 315 - 20 * row, cell)
        canvas.showPage()
    canvas.save()
    return path


if __name__ == "__main__":
    main(*sys.argv[1:])

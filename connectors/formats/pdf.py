"""PDF: one Part per page, read with PDFium, and by pypdf or OCR where that finds no text.

The figures behind this choice are those of `benchmarks/reading_pdf.py`: on the fixtures it finds
every string, pypdf fails on some Japanese ones (EUC-JP map, Identity-H without map, vertical).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from connectors import ocr
from connectors.errors import UnreadableFile
from connectors.formats.pdf_document import page_texts
from connectors.formats.pdf_headings import Page, squeezed
from connectors.formats.pdf_hidden import seen
from connectors.formats.pdf_layout import page_lines
from connectors.formats.pdf_lines import TextLine
from connectors.formats.pdf_open import open_pdf
from connectors.formats.pdf_pieces import glyphs_of
from connectors.formats.pdf_repair import (
    MISSING,
    clean,
    has_wrong_kana,
    is_garbled,
    kana_repaired,
    repaired,
)
from connectors.formats.pdf_rules import rules_of
from connectors.formats.pdf_scan import Scanner, second_reading
from connectors.reading import InputFile, Reading
from connectors.records import Part

if TYPE_CHECKING:
    import pypdfium2

_NO_TITLE = re.compile(
    r"^(microsoft \w+ - .*|untitled.*|無題.*|\(?anonymous\)?|.*\.[a-z]{2,4}|[\W\d_]*)$",
    re.IGNORECASE,
)
_MAX_BOOKMARKS = 5000
_SCAN = 0.5  # share of the page under pictures from which it can be a scan
_STAMP = 40  # letters: as much can stand on a scan that has no text of its own


@dataclass(slots=True)
class _Pages:
    """What came of the pages so far; numbers are from 0."""

    lines: list[Page] = field(default_factory=list)
    scans: set[int] = field(default_factory=set)
    damaged: set[int] = field(default_factory=set)
    garbled: set[int] = field(default_factory=set)
    missing: set[int] = field(default_factory=set)
    hidden: set[int] = field(default_factory=set)
    invisible: set[int] = field(default_factory=set)
    recognised: set[int] = field(default_factory=set)
    late: set[int] = field(default_factory=set)


def read(file: InputFile) -> Reading:
    """Text page by page in reading order, with headings and tables; see `Part`.

    Raises `UnreadableFile`: `encrypted`, `broken`, or `no-text` for a scan without OCR.
    """
    settings = file.settings
    document, password = open_pdf(file.path, settings.pdf_passwords())
    scanner = Scanner(settings.ocr_seconds, settings.ocr != "off", settings.ocr_installed)
    pages = _Pages()
    try:
        for number in range(len(document)):
            pages.lines.append(_page(document, number, pages, scanner))
        title, outline = _title(document), dict(_outline(document))
    finally:
        document.close()
    texts = page_texts(pages.lines, outline)
    doubtful = sorted(pages.damaged | pages.garbled)
    for number, text in second_reading(file.path, password, doubtful).items():
        if text and not is_garbled(text):
            texts[number] = text
            pages.garbled.discard(number)
    parts = tuple(Part(f"page {i}", text) for i, text in enumerate(texts, 1) if text)
    if not parts:
        raise _no_text(pages, scanner)
    return Reading(title, parts, notes=tuple(_notes(pages, texts)))


def _page(
    document: pypdfium2.PdfDocument, number: int, pages: _Pages, scanner: Scanner
) -> list[TextLine]:
    import pypdfium2

    try:
        page = document[number]
    except pypdfium2.PdfiumError:
        pages.damaged.add(number)
        return []
    try:
        lines, covered = _visible_lines(page, number, pages)
        sample = "".join(line.text for line in lines)
        letters = sum(char.isalnum() for char in sample)
        garbled = is_garbled(sample)
        if garbled:
            pages.garbled.add(number)
        if letters == 0 and covered == 0:
            pages.damaged.add(number)
        if garbled or (covered >= _SCAN and letters < _STAMP) or (letters == 0 and covered > 0):
            return _scanned(page, number, pages, scanner, lines)
        return lines
    finally:
        page.close()


def _visible_lines(
    page: pypdfium2.PdfPage, number: int, pages: _Pages
) -> tuple[list[TextLine], float]:
    """The page's lines, and how much of it pictures cover."""
    textpage = page.get_textpage()
    try:
        rules = rules_of(page)
        glyphs, hidden, invisible = seen(page, list(glyphs_of(textpage)), rules)
        lines = page_lines(glyphs, rules)
    finally:
        textpage.close()
    if hidden:
        pages.hidden.add(number)
    if invisible:
        pages.invisible.add(number)
    wrong_kana = has_wrong_kana("".join(line.text for line in lines))
    for line in lines:
        if wrong_kana:
            line.text = kana_repaired(line.text)
            line.cells = tuple(map(kana_repaired, line.cells))
        line.text, line.cells = repaired(line.text), tuple(map(repaired, line.cells))
        if MISSING in line.text:
            pages.missing.add(number)
    return lines, rules.pictures


def _scanned(
    page: pypdfium2.PdfPage, number: int, pages: _Pages, scanner: Scanner, lines: list[TextLine]
) -> list[TextLine]:
    """The page's text by OCR where that finds more than the page itself holds."""
    own = "".join(line.text for line in lines)
    if not scanner.is_ready():
        pages.scans.add(number)
        return lines
    if not scanner.has_time():
        pages.late.add(number)
        return lines
    text = scanner.read(page)
    if len(text) <= 2 * len(own) and not (is_garbled(own) and text):
        if not own:
            pages.scans.add(number)
        return lines
    pages.recognised.add(number)
    pages.garbled.discard(number)
    return [
        TextLine(line, apart=apart)
        for block in text.split("\n\n")
        for line, apart in ((part, not place) for place, part in enumerate(block.split("\n")))
    ]


def _no_text(pages: _Pages, scanner: Scanner) -> UnreadableFile:
    if not pages.scans and not pages.late:
        return UnreadableFile(
            "no-text", "There is no text in it.", remedy="Leave it out or fill it."
        )
    if scanner.is_ready():
        return UnreadableFile(
            "no-text",
            "It is scanned, and OCR finds no text in it.",
            remedy="Scan it again at 300 dpi, or leave it out.",
        )
    remedy = f"{ocr.INSTALL} for OCR." if scanner.enabled else "Set sources.ocr to auto for OCR."
    return UnreadableFile("no-text", "It is scanned: pictures without text.", remedy=remedy)


def _notes(pages: _Pages, texts: Sequence[str]) -> Iterator[str]:
    empty = {i for i, text in enumerate(texts) if not text}
    kinds = (
        ("OCR", pages.recognised),
        ("scanned, not read", (pages.scans - pages.late) & (empty | pages.scans)),
        ("OCR had no time left (raise sources.seconds_per_file)", pages.late),
        ("text garbled by its fonts", pages.garbled),
        ("hidden text left out (white, tiny or off the page)", pages.hidden),
        ("invisible text kept (no scan behind it)", pages.invisible),
        (f"letters of no known value, read as {MISSING}", pages.missing),
        ("no text", empty - pages.scans - pages.late),
    )
    for what, numbers in kinds:
        if numbers:
            yield f"page {_listed(sorted(numbers))}: {what}"


def _listed(numbers: Sequence[int]) -> str:
    """Page numbers from 1, stretches as `3–7`."""
    stretches: list[list[int]] = []
    for number in numbers:
        if stretches and stretches[-1][1] == number:
            stretches[-1][1] = number + 1
        else:
            stretches.append([number + 1, number + 1])
    return ", ".join(f"{a}" if a == b else f"{a}–{b}" for a, b in stretches)


def _title(document: pypdfium2.PdfDocument) -> str:
    """The title in the metadata, unless a program put a file name or `Untitled` there."""
    try:
        title = str(document.get_metadata_dict().get("Title", "")).strip()
    except UnicodeDecodeError:
        return ""
    return "" if _NO_TITLE.match(title) else clean(repaired(title))


def _outline(document: pypdfium2.PdfDocument) -> Iterator[tuple[tuple[int, str], int]]:
    """(page, squeezed title) and depth from 1 of the bookmarks."""
    import pypdfium2

    try:
        for bookmark in islice(document.get_toc(max_depth=6), _MAX_BOOKMARKS):
            target = bookmark.get_dest()
            page = target.get_index() if target is not None else None
            title = squeezed(repaired(bookmark.get_title()))
            if page is not None and title:
                yield (page, title), bookmark.level + 1
    except (pypdfium2.PdfiumError, UnicodeDecodeError):
        return

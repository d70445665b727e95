"""Pages of a PDF without text that can be used: read by the second library, or by OCR."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from connectors import ocr
from connectors.formats.pdf_repair import clean, has_wrong_kana, kana_repaired, repaired

if TYPE_CHECKING:
    import pypdfium2

_POINTS = 72.0
_DPI = 300.0
_MAX_PIXELS = 25_000_000  # a page of A3 at 300 dpi has 17 million


@dataclass(slots=True)
class Scanner:
    """OCR within its time."""

    seconds: float
    """For all pages of the file."""
    enabled: bool
    installed: bool
    began: float = field(default_factory=time.monotonic)

    def is_ready(self) -> bool:
        return self.enabled and self.installed and ocr.is_available()

    def has_time(self) -> bool:
        return time.monotonic() - self.began < self.seconds

    def read(self, page: pypdfium2.PdfPage) -> str:
        """The text that OCR finds on the page; none where the time is over."""
        left = self.seconds - (time.monotonic() - self.began)
        return ocr.recognise(_picture(page), left).text if left > 0 else ""


def _picture(page: pypdfium2.PdfPage) -> bytes:
    """The page in grey as a PGM file, which needs no library to write."""
    width, height = page.get_size()
    scale = _DPI / _POINTS
    pixels = width * height * scale * scale
    if pixels > _MAX_PIXELS:
        scale *= (_MAX_PIXELS / pixels) ** 0.5
    bitmap = page.render(scale=scale, grayscale=True)
    try:
        data, stride = bytes(bitmap.buffer), bitmap.stride
        rows = [data[y * stride : y * stride + bitmap.width] for y in range(bitmap.height)]
        head = f"P5 {bitmap.width} {bitmap.height} 255\n".encode()
    finally:
        bitmap.close()
    return head + b"".join(rows)


def second_reading(path: Path, password: str | None, numbers: Iterable[int]) -> dict[int, str]:
    """What pypdf finds on the pages (from 0); nothing where it can't read the file either."""
    import logging

    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it logs what it repairs
    texts: dict[int, str] = {}
    try:
        pages = PdfReader(path, password=password).pages
        for number in numbers:
            raw = pages[number].extract_text() if number < len(pages) else ""
            raw = kana_repaired(raw) if has_wrong_kana(raw) else raw
            texts[number] = clean("\n".join(map(repaired, raw.split("\n"))))
    # A damaged file raises much more than its own errors; what PDFium read still stands.
    except (
        PyPdfError,
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        RecursionError,
        ArithmeticError,
        OSError,
        ImportError,
    ):
        return texts
    return texts

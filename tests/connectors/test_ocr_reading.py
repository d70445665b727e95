"""OCR by the real program: scans and pictures made from a font of this machine."""

from __future__ import annotations

import dataclasses
import io
import subprocess
import sys
import time
import unicodedata
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from connectors import ocr
from connectors.item import FileItem, read_file
from connectors.records import Document, Rejection
from connectors.settings import ReadingSettings

FONTS = (
    Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"),
    Path("/usr/share/fonts/truetype/noto/NotoSansCJK-Regular.ttc"),
)
FONT = next((path for path in FONTS if path.exists()), None)
needs_tesseract = pytest.mark.skipif(
    not ocr.is_available() or FONT is None,
    reason="needs tesseract-ocr, tesseract-ocr-jpn and fonts-noto-cjk",
)
SENTENCE = "診断料は2,200円です。"


def _picture(text: str) -> Image.Image:
    assert FONT is not None
    picture = Image.new("L", (1240, 600), 255)
    font = ImageFont.truetype(str(FONT), 44, index=0)
    ImageDraw.Draw(picture).text((80, 80), text, font=font, fill=0, spacing=24)
    return picture


def _scan(path: Path, *texts: str) -> Path:
    """Pages with a picture of the text; text after `=` is set as text."""
    canvas = Canvas(str(path), pagesize=A4)
    for text in texts:
        if text.startswith("="):
            canvas.drawString(72, 700, text[1:])
        else:
            canvas.drawImage(ImageReader(_picture(text)), 0, 400, 595, 288)
        canvas.showPage()
    canvas.save()
    return path


def _read(path: Path, **settings: object) -> Document | Rejection:
    chosen = dataclasses.replace(ReadingSettings(), **settings)  # type: ignore[arg-type]
    return read_file(FileItem(path.name, path, path.stat().st_size, 0, chosen))


def _squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


@needs_tesseract
def test_scanned_pages_are_read_and_named(tmp_path: Path) -> None:
    path = _scan(tmp_path / "a.pdf", f"修理受付の手順\n{SENTENCE}", "=A page with text of its own.")
    document = _read(path)
    assert isinstance(document, Document)
    assert [part.locator for part in document.parts] == ["page 1", "page 2"]
    assert SENTENCE in _squeezed(document.parts[0].text)
    assert document.notes == ("page 1: OCR",)


@needs_tesseract
def test_pages_beyond_the_time_are_named(tmp_path: Path) -> None:
    document = _read(_scan(tmp_path / "a.pdf", SENTENCE, "=Text."), ocr_seconds=0.0)
    assert isinstance(document, Document)
    assert [part.locator for part in document.parts] == ["page 2"]
    assert document.notes == ("page 1: OCR had no time left (raise sources.seconds_per_file)",)


@needs_tesseract
def test_pictures_are_read_where_the_owner_asks_for_it(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    _picture(SENTENCE).save(path)
    document = _read(path, ocr="images")
    assert isinstance(document, Document)
    assert SENTENCE in _squeezed(document.parts[0].text)
    rejection = _read(path)
    assert isinstance(rejection, Rejection)
    assert 'sources.ocr to "images"' in rejection.message


@needs_tesseract
def test_a_picture_without_text_gives_none(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.effect_noise((400, 400), 60).save(path)
    rejection = _read(path, ocr="images")
    assert isinstance(rejection, Rejection)
    assert rejection.reason == "no-text"


@needs_tesseract
def test_what_is_no_picture_gives_nothing() -> None:
    assert ocr.recognise(b"no picture") == ocr.NOTHING


@needs_tesseract
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
def test_the_program_ends_with_the_process_that_reads(tmp_path: Path) -> None:
    data = io.BytesIO()
    Image.effect_noise((3000, 3000), 90).save(data, "PNG")
    (tmp_path / "noise.png").write_bytes(data.getvalue())
    script = (
        "import sys, pathlib; from connectors import ocr; "
        "ocr.recognise(pathlib.Path(sys.argv[1]).read_bytes())"
    )
    reader = subprocess.Popen([sys.executable, "-c", script, str(tmp_path / "noise.png")])
    child = _wait_for(lambda: _tesseract_below(reader.pid))
    reader.kill()
    reader.wait()
    assert _wait_for(lambda: not Path(f"/proc/{child}").exists() or _state(child) == "Z")


def _tesseract_below(parent: int) -> int:
    for task in Path(f"/proc/{parent}/task").glob("*/children"):
        for child in task.read_text().split():
            arguments = Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
            if b"tsv" in arguments and arguments[0].endswith(b"tesseract"):
                return int(child)
    return 0


def _state(process: int) -> str:
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]


def _wait_for(condition: object) -> int:
    """Its first true value."""
    assert callable(condition)
    for _ in range(600):
        found = condition()
        if found:
            return int(found)
        time.sleep(0.05)
    raise AssertionError("it did not come about")

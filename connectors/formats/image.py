"""Pictures of text (.png, .jpg, .tif): read by OCR, where the owner asks for that."""

from __future__ import annotations

from connectors import ocr
from connectors.errors import UnreadableFile
from connectors.reading import InputFile, Reading
from connectors.records import Part


def read(file: InputFile) -> Reading:
    """The text in it. Raises `UnreadableFile` (`no-text`) without OCR, and without text."""
    settings = file.settings
    if settings.ocr != "images":
        raise UnreadableFile(
            "no-text",
            "It is a picture.",
            remedy='Set sources.ocr to "images" to read the text in it.',
        )
    if not (settings.ocr_installed and ocr.is_available()):
        raise UnreadableFile("no-text", "It is a picture.", remedy=f"{ocr.INSTALL} for OCR.")
    found = ocr.recognise(file.path.read_bytes(), settings.ocr_seconds)
    if not found.text:
        raise UnreadableFile(
            "no-text",
            "OCR finds no text in the picture.",
            remedy="Leave it out, or scan it at 300 dpi.",
        )
    return Reading("", (Part("", found.text),), notes=("OCR",))

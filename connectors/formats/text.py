"""Plain text and logs: the decoded file, character for character."""

from __future__ import annotations

from connectors.encoding import Decoded, decode
from connectors.reading import InputFile, Reading
from connectors.records import Part


def read(file: InputFile) -> Reading:
    """One Part with the whole text; line ends are the only thing that changes."""
    decoded = decode(file.path.read_bytes())
    return Reading("", (Part("", decoded.text),), notes=encoding_notes(decoded))


def encoding_notes(decoded: Decoded) -> tuple[str, ...]:
    """Names the encoding where it had to be worked out, so that a wrong guess can be seen."""
    notes = () if decoded.encoding == "utf-8" else (f"encoding {decoded.encoding}",)
    if decoded.damaged:
        notes = (*notes, f"damaged characters: {decoded.damaged}")
    return notes

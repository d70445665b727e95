"""OpenDocument texts."""

from __future__ import annotations

import re

from connectors.formats.odf import open_odf
from connectors.formats.odf_text import OdfText
from connectors.reading import InputFile, Reading
from connectors.records import Part


def read(file: InputFile) -> Reading:
    """One Part; the title is the document's property, else what stands as its title."""
    document = open_odf(file.path, "text")
    walk = OdfText(document.styles)
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(walk.blocks(document.body))).strip()
    return Reading(document.title or walk.title, (Part("", text + "\n"),))

"""OpenDocument presentations: one Part per slide, with tables and speaker's notes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from connectors.formats.odf import DRAW, PRESENTATION, open_odf, style_property
from connectors.formats.odf_text import OdfText
from connectors.formats.safe_xml import children
from connectors.reading import InputFile, Reading
from connectors.records import Part

if TYPE_CHECKING:
    from lxml.etree import _Element


def read(file: InputFile) -> Reading:
    """Parts `slide N`; hidden slides are left out with a note."""
    document = open_odf(file.path, "presentation")
    parts, hidden = [], []
    for number, slide in enumerate(document.body.iterchildren(f"{DRAW}page"), 1):
        style = str(slide.get(f"{DRAW}style-name") or "")
        if style_property(document.styles, style, f"{PRESENTATION}visibility") == "hidden":
            hidden.append(str(number))
            continue
        text = "\n".join(_slide_lines(slide, OdfText(document.styles)))
        if text.strip():
            parts.append(Part(f"slide {number}", re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"))
    title = document.title
    if not title and parts and parts[0].text.startswith("# "):
        title = parts[0].text.splitlines()[0][2:]
    notes = (f"hidden slides left out: {', '.join(hidden)}",) if hidden else ()
    return Reading(title, tuple(parts), notes=notes)


def _slide_lines(slide: _Element, walk: OdfText) -> Iterator[str]:
    titles = [shape for shape in children(slide) if _class(shape) == "title"]
    for shape in titles:
        title = " ".join(" ".join(walk.blocks(shape)).split())
        yield from (f"# {title}", "") if title else ()
    for shape in children(slide):
        if shape not in titles and shape.tag != f"{PRESENTATION}notes":
            yield from ("", *walk.blocks_of_one(shape), "")
    for notes in slide.iterchildren(f"{PRESENTATION}notes"):
        text = "\n".join(
            line
            for frame in children(notes)
            if _class(frame) == "notes"
            for line in walk.blocks(frame)
        )
        if text.strip():
            yield from ("", "Notes:", re.sub(r"\n{2,}", "\n", text).strip())


def _class(shape: _Element) -> str:
    return str(shape.get(f"{PRESENTATION}class") or "")

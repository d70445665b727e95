"""Rich Text: paragraphs, headings, list items and tables, of any code page."""

from __future__ import annotations

from connectors.errors import UnreadableFile
from connectors.formats.rtf_tokens import tokens
from connectors.formats.rtf_walk import Walk
from connectors.reading import InputFile, Reading
from connectors.records import Part


def read(file: InputFile) -> Reading:
    """One Part; the title is the document's property, else what stands as its title.

    A file that ends within a group is `broken`; the last brace may be missing, with a note."""
    data = file.path.read_bytes().removeprefix(b"\xef\xbb\xbf").lstrip()
    if not data.startswith(b"{\\rtf"):
        raise UnreadableFile(
            "broken", "It is no RTF file.", remedy="Open it in its program and save it again."
        )
    walk = Walk()
    for token in tokens(data):
        walk.take(token)
    if walk.open_groups > 1:
        raise UnreadableFile(
            "broken", "It ends in the middle.", remedy="Copy or export it again, complete."
        )
    blocks = walk.layout.finish()
    notes = ["the file may lack its end"] if walk.open_groups else []
    if walk.layout.damaged:
        notes.append(f"damaged characters: {walk.layout.damaged}")
    title = " ".join(walk.title.split()) or blocks.title()
    return Reading(title, (Part("", blocks.text()),), notes=tuple(notes))

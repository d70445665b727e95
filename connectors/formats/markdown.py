"""Markdown: the decoded file, character for character, front matter included."""

from __future__ import annotations

import re

from connectors.encoding import decode
from connectors.formats.text import encoding_notes
from connectors.reading import InputFile, Reading
from connectors.records import Part

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_TITLE_KEY = re.compile(r"^title:[ \t]*(.+)$", re.MULTILINE | re.IGNORECASE)
_FENCED = re.compile(r"^(```|~~~).*?(?:^\1|\Z)", re.MULTILINE | re.DOTALL)
_ATX = re.compile(r"^ {0,3}#{1,6}[ \t]+(.+?)[ \t]*#*$", re.MULTILINE)
_SETEXT = re.compile(r"^(?![-=>#|*\s])(.+)\n(?:=+|-{2,})[ \t]*$", re.MULTILINE)
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_ATTRIBUTES = re.compile(r"\s*\{[#.:][^}]*\}$")


def read(file: InputFile) -> Reading:
    """One Part with the whole text; the title is the front matter's, else the first heading."""
    decoded = decode(file.path.read_bytes())
    notes = encoding_notes(decoded)
    return Reading(title_of(decoded.text), (Part("", decoded.text),), notes=notes)


def title_of(text: str) -> str:
    """The title that a Markdown text states; empty where it states none."""
    front = _FRONT_MATTER.match(text)
    if front and (stated := _TITLE_KEY.search(front[1])):
        return stated[1].strip().strip("\"'")
    body = _FENCED.sub("", text[front.end() :] if front else text)
    found = [match for match in (_ATX.search(body), _SETEXT.search(body)) if match]
    if not found:
        return ""
    first = min(found, key=lambda match: match.start())
    heading = _LINK.sub(r"\1", _ATTRIBUTES.sub("", first[1].strip()))
    return re.sub(r"[*_`]{1,3}(\S(?:.*?\S)?)[*_`]{1,3}", r"\1", heading)

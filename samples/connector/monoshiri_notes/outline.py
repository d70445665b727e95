"""`.outline`: a title, then lines that are indented by tabs; they become a list."""

from __future__ import annotations

from connectors.encoding import decode
from connectors.errors import UnreadableFile
from connectors.reading import InputFile, Reading
from connectors.records import Part


def read(file: InputFile) -> Reading:
    """What the entry point names. Raises `UnreadableFile` with a reason, and what to do."""
    title, *lines = decode(file.path.read_bytes()).text.strip().split("\n")
    if not lines:
        raise UnreadableFile("no-text", "It has only a title.", remedy="Write or delete it.")
    items = [f"{'  ' * _depth(line)}- {line.strip()}" for line in lines if line.strip()]
    return Reading(title, (Part("", f"# {title}\n\n" + "\n".join(items) + "\n"),))


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip("\t"))

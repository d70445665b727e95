"""PowerPoint: one Part per slide, with tables and speaker's notes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from connectors.formats.ooxml import PACKAGE_ERRORS, broken, open_package
from connectors.markdown_table import table_rows
from connectors.reading import InputFile, Reading
from connectors.records import Part


def read(file: InputFile) -> Reading:
    """Parts `slide N`; hidden slides are left out with a note."""
    path = file.path
    import pptx

    package = open_package(path, "ppt/presentation.xml")
    try:
        deck = pptx.Presentation(package)
        slides = list(deck.slides)
    except (*PACKAGE_ERRORS, AttributeError) as exc:
        raise broken(path.suffix) from exc
    parts, hidden = [], []
    for number, slide in enumerate(slides, 1):
        text = "\n".join(_slide_lines(slide)).strip()
        if slide.element.get("show") == "0":
            hidden.append(str(number))
        elif text:
            parts.append(Part(f"slide {number}", text + "\n"))
    title = str(deck.core_properties.title or "").strip()
    if title.lower() == "powerpoint presentation":
        title = ""
    if not title and parts and parts[0].text.startswith("# "):
        title = parts[0].text.splitlines()[0][2:]
    notes = (f"hidden slides left out: {', '.join(hidden)}",) if hidden else ()
    return Reading(title, tuple(parts), notes=notes)


def _slide_lines(slide: Any) -> Iterator[str]:
    title = slide.shapes.title
    if title is not None and title.text_frame.text.strip():
        yield from (f"# {' '.join(title.text_frame.text.split())}", "")
    for shape in slide.shapes:
        if title is None or shape.shape_id != title.shape_id:
            yield from _shape_lines(shape)
    if slide.has_notes_slide:
        frame = slide.notes_slide.notes_text_frame
        if frame is not None and frame.text.strip():
            yield from ("", "Notes:", frame.text.strip())


def _shape_lines(shape: Any) -> Iterator[str]:
    if hasattr(shape, "shapes"):  # a group
        for inner in shape.shapes:
            yield from _shape_lines(inner)
    elif getattr(shape, "has_table", False):
        yield from ("", *table_rows(_grid(shape.table)), "")
    elif getattr(shape, "has_chart", False):
        yield from _chart_lines(shape.chart)
    elif getattr(shape, "has_text_frame", False):
        yield from _text_lines(shape.text_frame)


def _text_lines(frame: Any) -> Iterator[str]:
    """Several paragraphs are bullets, one alone is a sentence."""
    paragraphs = [(p.level, _text(p.text)) for p in frame.paragraphs if p.text.strip()]
    for level, text in paragraphs:
        yield text if len(paragraphs) == 1 else f"{'  ' * level}- {text}"
    if paragraphs:
        yield ""


def _text(text: str) -> str:
    return " ".join(text.replace("\v", " ").split())


def _grid(table: Any) -> list[list[str]]:
    """A cell merged over several rows is repeated in each; over columns it is not."""
    grid: list[list[str]] = []
    for row in table.rows:
        line: list[str] = []
        for index, cell in enumerate(row.cells):
            merged_down = cell.is_spanned and cell._tc.vMerge and grid
            line.append(grid[-1][index] if merged_down else _text(cell.text))
        grid.append(line)
    return grid


def _chart_lines(chart: Any) -> Iterator[str]:
    """The numbers behind a chart, as a table."""
    if chart.has_title and chart.chart_title.has_text_frame:
        yield chart.chart_title.text_frame.text
    plots = list(chart.plots)
    if plots:
        names = [str(name) for name in plots[0].categories]
        series = [[s.name, *(f"{v:g}" for v in s.values if v is not None)] for s in plots[0].series]
        yield from ("", *table_rows([["", *names], *series]), "")

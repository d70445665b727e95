"""PowerPoint decks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pptx
from pptx.util import Inches

from connectors.records import Document


def test_slides_tables_notes_and_hidden(tmp_path: Path, read: Callable[[Path], Document]) -> None:
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "研修資料"
    body = slide.placeholders[1].text_frame
    body.text = "一つ目"
    child = body.add_paragraph()
    child.text, child.level = "内側", 1
    table = slide.shapes.add_table(3, 2, 0, 0, Inches(4), Inches(1)).table
    for row, cells in enumerate([("A", "B"), ("1", "2"), ("", "3")]):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    slide.notes_slide.notes_text_frame.text = "ここで説明する。"
    hidden = deck.slides.add_slide(deck.slide_layouts[5])
    hidden.shapes.title.text = "古い"
    hidden._element.set("show", "0")
    last = deck.slides.add_slide(deck.slide_layouts[6])
    group = last.shapes.add_group_shape()
    group.shapes.add_textbox(0, 0, Inches(1), Inches(1)).text_frame.text = "グループの中"
    path = tmp_path / "a.pptx"
    deck.save(str(path))
    document = read(path)
    assert document.title == "研修資料"
    assert [part.locator for part in document.parts] == ["slide 1", "slide 3"]
    assert document.parts[0].text == (
        "# 研修資料\n\n- 一つ目\n  - 内側\n\n\n| A | B |\n| --- | --- |\n| 1 | 2 |\n| 1 | 3 |\n\n\n"
        "Notes:\nここで説明する。\n"
    )
    assert document.parts[1].text == "グループの中\n"
    assert document.notes == ("hidden slides left out: 2",)

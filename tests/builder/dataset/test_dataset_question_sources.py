"""A file of questions and answers becomes pairs, with the file as their source."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from builder.config import DatasetSection
from builder.dataset.checks import fault
from builder.dataset.generate import Material, generate
from builder.prepare.chunk import chunk_document
from builder.records import Chunk
from connectors.item import FileItem, read_file
from connectors.records import Document


def _count(texts: Sequence[str]) -> list[int]:
    return [len(text) // 2 + 1 for text in texts]


def _chunks(tmp_path: Path, name: str, text: str) -> list[Chunk]:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    document = read_file(FileItem(name, path, 0, 0))
    assert isinstance(document, Document)
    return chunk_document(document, 120, _count)


FILES = {
    "faq_ja.csv": (
        "質問,回答\n送料はいくらですか？,全国一律660円です。\n"
        "領収書の発行,マイページから印刷できます。\n電源が入らない,電源台を差し直してください。\n",
        {
            "送料はいくらですか？": "全国一律660円です。",
            "領収書の発行について教えてください。": "マイページから印刷できます。",
            "電源が入らない。": "電源台を差し直してください。",
        },
    ),
    "faq_en.jsonl": (
        '{"question": "Do you ship overseas?", "answer": "We only ship within Japan."}\n'
        '{"question": "Refund for opened items", "answer": "Opened items go back in 14 days."}\n',
        {
            "Do you ship overseas?": "We only ship within Japan.",
            "Refund for opened items?": "Opened items go back in 14 days.",
        },
    ),
    "alpaca.json": (
        '[{"instruction": "When is the shop open?", "input": "",'
        ' "output": "The shop is open from 10:00 to 19:00."}]',
        {"When is the shop open?": "The shop is open from 10:00 to 19:00."},
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_every_question_of_the_file_is_a_pair(tmp_path: Path, name: str) -> None:
    text, wanted = FILES[name]
    chunks = _chunks(tmp_path, name, text)
    pairs = list(generate(Material(chunks, []), DatasetSection(no_answer_share=0.0)))
    assert {pair.generator for pair in pairs} == {"faq"}
    assert {pair.source for pair in pairs} == {name}
    by_id = {chunk.id: chunk for chunk in chunks}
    assert not [fault(pair, by_id) for pair in pairs if fault(pair, by_id)]
    asked = {pair.question.casefold(): pair.answer for pair in pairs}
    for question, answer in wanted.items():
        found = [said for text, said in asked.items() if text.endswith(question.casefold())]
        assert found == [answer] * len(found)
        assert found


def test_a_chunk_keeps_a_question_with_its_answer(tmp_path: Path) -> None:
    rows = [f"質問{i}の手順は？,{'答えは長いです。' * 20}番号{i}" for i in range(5)]
    chunks = _chunks(tmp_path, "faq.csv", "質問,回答\n" + "\n".join(rows))
    for number in range(5):
        own = [chunk for chunk in chunks if f"質問{number}の手順" in chunk.headings[-1]]
        assert own[0].text.startswith(f"## Q. 質問{number}の手順は？")
        assert own[-1].text.endswith(f"番号{number}")

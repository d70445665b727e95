"""What an import tells of catalogues, and what `sources.columns` changes."""

from __future__ import annotations

from pathlib import Path

from builder_fakes import ListVoice
from stage_case import documents_of, make_context, write_files

from builder.stages.importing import run_import

FILES = {
    "list.csv": "管理コード,品目,価格(税込),備考\nA-1,カップ,1200円,社外秘\nA-2,皿,900円,社外秘\n",
    "faq.csv": "質問,回答\n送料は？,660円です。\n",
    "note.md": "# Note\n\nNothing to see.\n",
}


def _said(voice: object) -> list[str]:
    assert isinstance(voice, ListVoice)
    return [line.strip() for line in voice.said]


def test_the_import_shows_what_columns_were_taken_for(tmp_path: Path) -> None:
    folder = write_files(tmp_path / "shop", FILES)
    context = make_context(tmp_path / "bot", folder)
    run_import(context)
    assert "list.csv: 品目→name, 価格(税込)→price (JPY, tax included), 2 attributes" in _said(
        context.voice
    )
    assert "faq.csv: 質問→question, 回答→answer: 1 question with answers" in _said(context.voice)
    assert not [line for line in _said(context.voice) if line.startswith("note.md")]


def test_corrected_columns_are_read_anew(tmp_path: Path) -> None:
    folder = write_files(tmp_path / "shop", FILES)
    run_import(make_context(tmp_path / "bot", folder))
    columns = {"管理コード": "sku", "備考": "ignore"}
    context = make_context(tmp_path / "bot", folder, sources={"columns": columns})
    run_import(context)
    products = documents_of(context)["list.csv"].products
    assert [product.sku for product in products] == ["A-1", "A-2"]
    assert "社外秘" not in str(products)
    (told,) = [line for line in _said(context.voice) if line.startswith("list.csv")]
    assert told.endswith(
        "管理コード→sku, 品目→name, 価格(税込)→price (JPY, tax included), ignored: 備考"
    )

"""Importing tables and loaders that bot.toml names."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from stage_case import balanced, documents_of, make_context

from builder.config_file import make_config
from builder.stages.context import Context
from builder.stages.importing import rejections, run_import
from builder.workspace import Workspace

pytest.importorskip("sqlalchemy")

LOADER = "connectors.langchain_loader.FolderLoader"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    path = tmp_path / "shop.db"
    with sqlite3.connect(path) as connection:
        connection.execute(
            "CREATE TABLE products (id INTEGER PRIMARY KEY, sku TEXT, name TEXT, price INT)"
        )
        rows = [(n, f"K-{n}", f"Kettle {n}", 1000 + n) for n in range(1, 601)]
        connection.executemany("INSERT INTO products VALUES (?, ?, ?, ?)", rows)
    connection.close()
    return path


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "a.md").write_text("# Hours\n\nWe open at nine.\n", encoding="utf-8")
    return folder


def context_of(tmp_path: Path, shop: Path, notes: Path, **more: Any) -> Context:
    table = {"name": "shop/products", "url": f"sqlite:///{shop}", "table": "products"}
    loader = {"name": "crm", "loader": LOADER, "args": {"root": str(notes)}}
    return make_context(tmp_path / "bot", sources={"tables": [table | more], "loaders": [loader]})


def test_tables_and_loaders_are_sources_of_their_own(
    tmp_path: Path, shop: Path, notes: Path
) -> None:
    context = context_of(tmp_path, shop, notes)
    assert balanced(run_import(context))
    documents = documents_of(context)
    assert sum(len(document.products) for document in documents.values()) == 600
    assert documents["crm/a.md"].title == "Hours"
    assert "shop/products" in documents


def test_only_what_changed_is_read_again(tmp_path: Path, shop: Path, notes: Path) -> None:
    context = context_of(tmp_path, shop, notes)
    before = run_import(context).report.made
    with sqlite3.connect(shop) as connection:
        connection.execute("UPDATE products SET price = 1 WHERE id = 600")
    connection.close()
    result = run_import(context)
    assert result.report.made == before
    assert any(f"{before - 1} unchanged" in note for note in result.report.notes)
    products = [p for document in documents_of(context).values() for p in document.products]
    assert {p.sku: p.price_text for p in products}["K-600"] == "1"


def test_a_database_or_loader_that_is_gone_takes_nothing_along(
    tmp_path: Path, shop: Path, notes: Path
) -> None:
    context = context_of(tmp_path, shop, notes)
    run_import(context)
    before = documents_of(context)
    shop.rename(tmp_path / "elsewhere.db")
    notes.rename(tmp_path / "elsewhere")
    assert balanced(run_import(context))
    assert documents_of(context) == before
    assert {r.source: r.reason for r in rejections(context)} == {
        "shop/products": "unreachable",
        "crm": "unreachable",
    }


def test_a_database_on_the_command_line_is_found_from_anywhere(
    tmp_path: Path, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    workspace = Workspace(tmp_path / "bot")
    addresses = ["sqlite:///shop.db", "postgresql+psycopg://reader@db.example.com/shop"]
    config = make_config(workspace, addresses, None, {})
    assert config.sources.paths == (f"sqlite:///{shop}", addresses[1])


def test_tables_in_bot_toml_stay_when_build_names_further_sources(
    tmp_path: Path, shop: Path
) -> None:
    given = tmp_path / "my.toml"
    given.write_text(
        f'[[sources.tables]]\nname = "shop"\nurl = "sqlite:///{shop}"\ntable = "products"\n'
    )
    config = make_config(Workspace(tmp_path / "bot"), [str(tmp_path)], given, {})
    assert config.sources.paths == (str(tmp_path),)
    assert [table.name for table in config.sources.tables] == ["shop"]

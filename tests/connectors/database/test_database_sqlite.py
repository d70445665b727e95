"""Rows of SQLite files, and what holds for every database."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable
from itertools import chain
from pathlib import Path

import pytest

from connectors.database import connection, source
from connectors.database.connection import connect
from connectors.database.settings import TableSettings
from connectors.database.source import TableSource
from connectors.errors import SourceError
from connectors.records import Document, Rejection
from connectors.sources import open_source
from connectors.worker import read_items

pytest.importorskip("sqlalchemy")

Make = Callable[..., str]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Makes or changes a database by statements; its address."""

    def made(*statements: str, name: str = "店 shop.db") -> str:
        with sqlite3.connect(tmp_path / name) as opened:
            for statement in statements:
                opened.execute(statement)
        opened.close()
        return f"sqlite:///{tmp_path / name}"

    return made


def many(table: str, count: int, step: int = 1) -> str:
    return (
        f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) "  # noqa: S608
        f"INSERT INTO {table} SELECT i * {step}, 'name ' || i, 'v' || i FROM n"
    )


def read(table: TableSource) -> list[Document]:
    outcomes = list(chain.from_iterable(read_items(table.items())))
    assert all(isinstance(outcome, Document) for outcome in outcomes), outcomes
    return [outcome for outcome in outcomes if isinstance(outcome, Document)]


def test_a_file_named_on_the_command_line_gives_all_its_tables(make: Make) -> None:
    address = make(
        "CREATE TABLE products (id INTEGER PRIMARY KEY, sku TEXT, name TEXT, price NUMERIC)",
        "INSERT INTO products VALUES (7, 'K-7', 'Kettle', 2.50), (9, 'K-9', 'Toaster', NULL)",
        'CREATE TABLE "order" ("select" TEXT PRIMARY KEY, "数 量" INTEGER) WITHOUT ROWID',
        """INSERT INTO "order" VALUES ('it''s; DROP TABLE products', 3)""",
        "CREATE TABLE loose (a, b)",
        "INSERT INTO loose VALUES (1.0, 'x'), (NULL, 'y')",
        "CREATE TABLE empty (id INTEGER PRIMARY KEY)",
        "CREATE VIEW seen AS SELECT * FROM products",
    )
    shop = open_source(address)
    assert shop.name == "店 shop.db"
    outcomes = {o.source: o for o in chain.from_iterable(read_items(shop.items()))}
    assert [name.partition("/")[2] for name in outcomes] == ["empty", "loose", "order", "products"]
    empty, loose, order, products = outcomes.values()
    assert isinstance(empty, Rejection)
    assert empty.reason == "empty"
    assert isinstance(loose, Document)
    assert [p.locator for p in loose.parts] == ["row 1", "row 2"]
    assert [p.text for p in loose.parts] == [
        "| a | b |\n| --- | --- |\n| 1 | x |\n",
        "| b |\n| --- |\n| y |\n",
    ]
    assert isinstance(order, Document)
    (part,) = order.parts
    assert part.locator == "row select=it's; DROP TABLE products"
    assert "| 3 |" in part.text
    assert isinstance(products, Document)
    kettle, toaster = products.products
    assert (kettle.locator, kettle.sku, str(kettle.price)) == ("row id=7", "K-7", "2.5")
    assert dict(toaster.cells) == {"sku": "K-9", "name": "Toaster"}


def test_rows_of_long_text_become_documents_that_keep_their_names(make: Make) -> None:
    address = make(
        "CREATE TABLE articles (id INTEGER PRIMARY KEY, title TEXT, body TEXT, note TEXT)",
        "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 2 FROM n WHERE i < 1200) INSERT "
        "INTO articles SELECT i, '記事 ' || i, "
        "replace(hex(zeroblob(50)), '0', 'これは本文です。'), NULL FROM n",
    )
    settings = TableSettings("wiki", address, table="articles", title="title", text=("body",))
    before = {document.source: document for document in read(TableSource(settings))}
    assert list(before)[:2] == ["wiki/2", "wiki/4"]
    assert before["wiki/4"].title == "記事 4"
    assert before["wiki/4"].language == "ja"
    assert before["wiki/4"].parts[0].text.startswith("# 記事 4\n\nこれは本文です。これは")
    stamps = {item.source: item.stamp for item in TableSource(settings).items()}  # type: ignore[union-attr]
    first_of_stretch = list(stamps)[1].partition("#")[2]
    make(
        f"DELETE FROM articles WHERE id = {first_of_stretch}",  # noqa: S608
        "INSERT INTO articles VALUES (3, 'Three', 'Short.', 'x')",
    )
    after = {document.source: document for document in read(TableSource(settings))}
    assert after.keys() - before.keys() == {"wiki/3"}
    assert before.keys() - after.keys() == {f"wiki/{first_of_stretch}"}
    assert all(after[name] == before[name] for name in after.keys() & before.keys())


def test_columns_and_rows_that_hold_no_text_are_noted(make: Make) -> None:
    address = make(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, photo BLOB, memo TEXT)",
        "INSERT INTO t VALUES (1, x'89504e470d0a', 'plain'), (2, NULL, x'00ff00ff')",
    )
    (document,) = read(TableSource(TableSettings("t", address, table="t")))
    assert document.notes == (
        "column photo holds binary data and is left out",
        "column memo holds binary data in 1 rows",
    )


@pytest.mark.parametrize("encoding", ["cp932", "latin1", "euc_jp"])
def test_text_that_an_old_program_wrote(make: Make, encoding: str) -> None:
    text = "Gerät für Küche, größer" if encoding == "latin1" else "電気ケトルの取扱説明書です"
    raw = text.encode(encoding).hex()
    address = make(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, memo TEXT)",
        f"INSERT INTO t VALUES (1, CAST(x'{raw}' AS TEXT))",  # noqa: S608
    )
    (document,) = read(TableSource(TableSettings("t", address, table="t")))
    assert text in document.parts[0].text


def test_rows_without_a_key_are_told(make: Make) -> None:
    address = make(
        "CREATE TABLE t (code TEXT PRIMARY KEY, memo TEXT)",
        "INSERT INTO t VALUES (NULL, 'lost'), ('a', 'kept')",
    )
    item, rejection = TableSource(TableSettings("t", address, table="t")).items()
    assert isinstance(rejection, Rejection)
    assert "1 rows have no value in code" in rejection.message
    assert not isinstance(item, Rejection)
    (document,) = item.read()
    assert isinstance(document, Document)
    assert [part.locator for part in document.parts] == ["row code=a"]


def test_many_rows_without_a_key_are_refused_with_a_remedy(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "MOST_WITHOUT_KEY", 3000)
    address = make("CREATE TABLE t (a, b, c)", many("t", 3001))
    (rejection,) = TableSource(TableSettings("t", address, table="t")).items()
    assert isinstance(rejection, Rejection)
    assert rejection.reason == "too-large"
    settings = TableSettings("t", address, table="t", key=("a",))
    assert len(list(TableSource(settings).items())) > 3


def test_products_on_demand_need_a_column_that_names_them(make: Make) -> None:
    address = make(
        "CREATE TABLE t (hinmei TEXT PRIMARY KEY, nedan INTEGER)",
        "INSERT INTO t VALUES ('ケトル', 3980)",
    )
    with pytest.raises(SourceError, match="AS sku, … AS name"):
        list(TableSource(TableSettings("t", address, table="t", read_as="products")).items())
    query = "SELECT hinmei AS 商品名, nedan AS 価格 FROM t"
    settings = TableSettings("t", address, query=query, key=("商品名",), read_as="products")
    (document,) = read(TableSource(settings))
    assert [(p.name, p.price_text) for p in document.products] == [("ケトル", "3980")]


def test_the_file_can_not_be_written(make: Make) -> None:
    address = make("CREATE TABLE t (id INTEGER PRIMARY KEY)", "INSERT INTO t VALUES (1)")
    settings = TableSettings("t", address, table="t")
    with pytest.raises(SourceError, match=r"broke off|refused"), connect(settings) as opened:
        opened.exec_driver_sql("DELETE FROM t")
    with pytest.raises(SourceError, match=r"broke off|refused"), connect(settings) as opened:
        opened.exec_driver_sql("CREATE TEMP TABLE other (id)")


def test_what_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such database file"):
        list(open_source(f"sqlite:///{tmp_path / 'none.db'}").items())
    assert not (tmp_path / "none.db").exists()
    (tmp_path / "notes.db").write_text("These are notes, " * 100)
    with pytest.raises(SourceError, match="refused"):
        list(open_source(f"sqlite:///{tmp_path / 'notes.db'}").items())
    with pytest.raises(SourceError, match="not set"):
        list(TableSource(TableSettings("t", url_env="NO_SUCH_VARIABLE", table="t")).items())
    with pytest.raises(SourceError, match="not valid"):
        list(TableSource(TableSettings("t", "nothing", table="t")).items())
    with pytest.raises(SourceError, match="no driver"):
        list(TableSource(TableSettings("t", "postgresql+nothing://h/d", table="t")).items())


def test_a_missing_library_is_named(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    address = make("CREATE TABLE t (id INTEGER PRIMARY KEY)")
    monkeypatch.setitem(sys.modules, "sqlalchemy", None)
    with pytest.raises(SourceError, match=r"monoshiri\[database\]"):
        list(TableSource(TableSettings("t", address, table="t")).items())
    monkeypatch.undo()
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(SourceError, match="driver is missing"):
        list(TableSource(TableSettings("t", "postgresql+psycopg://h/d", table="t")).items())


def test_a_query_that_never_ends_is_ended(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "LIMIT_SECONDS", 0)
    address = make("CREATE TABLE t (id INTEGER PRIMARY KEY)")
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
    with pytest.raises(SourceError, match="broke off"):
        list(TableSource(TableSettings("t", address, query=endless)).items())

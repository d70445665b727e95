"""Rows of a real PostgreSQL."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import chain

import pytest

from connectors.database.connection import connect
from connectors.database.item import TableItem
from connectors.database.settings import TableSettings
from connectors.database.source import TableSource, open_database
from connectors.errors import SourceError
from connectors.records import Document, Rejection
from connectors.settings import DEFAULT_SETTINGS
from connectors.worker import read_items

sqlalchemy = pytest.importorskip("sqlalchemy")
psycopg = pytest.importorskip("psycopg")

TABLES = """
CREATE TABLE 商品 (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    型番 text NOT NULL, 商品名 text NOT NULL, 価格 numeric(10, 2), 発売 date,
    消費電力 text, 画像 bytea, 公開 boolean, 仕様 jsonb
);
INSERT INTO 商品 (型番, 商品名, 価格, 発売, 消費電力, 画像, 公開, 仕様)
SELECT 'K-' || n, 'ケトル ' || n, 1000.50 + n, date '2024-01-31', '1200W', '\\x89504e47', true,
       '{"色": ["白", "黒"]}'
FROM generate_series(1, 1000) AS n;
CREATE SCHEMA "help desk";
CREATE TABLE "help desk"."order" (
    "group" uuid, "select" timestamptz, subject text, body text, note text,
    PRIMARY KEY ("group", "select")
);
INSERT INTO "help desk"."order" VALUES
    ('00000000-0000-0000-0000-000000000001', '2024-05-01 09:00+00', 'Kettle leaks',
     repeat('The lid has to click. ', 20), NULL),
    ('00000000-0000-0000-0000-000000000001', '2024-05-02 09:00+00', 'Descaling',
     repeat('Use citric acid. ', 20), 'urgent');
CREATE TABLE empty (id int PRIMARY KEY);
CREATE VIEW offers AS SELECT id, 型番 FROM 商品;
CREATE ROLE reader LOGIN PASSWORD 'hunter2';
GRANT SELECT ON 商品 TO reader;
"""


@pytest.fixture(scope="module")
def shop(server: str) -> str:
    engine = sqlalchemy.create_engine(server)
    with engine.begin() as connection:
        connection.exec_driver_sql(TABLES)
    engine.dispose()
    return server


@pytest.fixture
def goods(shop: str, monkeypatch: pytest.MonkeyPatch) -> TableSettings:
    monkeypatch.setenv("SHOP_URL", shop)
    return TableSettings("shop/商品", url_env="SHOP_URL", table="商品")


def change(address: str, statement: str) -> None:
    engine = sqlalchemy.create_engine(address)
    with engine.begin() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


def items(settings: TableSettings) -> list[TableItem]:
    found = list(TableSource(settings).items())
    assert all(isinstance(item, TableItem) for item in found), found
    return [item for item in found if isinstance(item, TableItem)]


def documents(settings: TableSettings) -> list[Document]:
    outcomes = list(chain.from_iterable(item.read() for item in items(settings)))
    assert all(isinstance(outcome, Document) for outcome in outcomes), outcomes
    return [outcome for outcome in outcomes if isinstance(outcome, Document)]


def test_a_catalogue_becomes_products_with_its_keys_as_places(goods: TableSettings) -> None:
    found = documents(goods)
    products = [product for document in found for product in document.products]
    assert [p.locator for p in products] == [f"row id={n}" for n in range(1, 1001)]
    first = products[0]
    assert (first.sku, first.name, first.price) == ("K-1", "ケトル 1", Decimal("1001.50"))
    cells = dict(first.cells)
    assert cells["発売"] == "2024-01-31"
    assert cells["公開"] == "true"
    assert cells["仕様"] == '{"色": ["白", "黒"]}'
    assert "画像" not in cells
    assert "column 画像 holds binary data and is left out" in found[0].notes
    assert found[0].source == "shop/商品"
    assert all(document.source.startswith("shop/商品#") for document in found[1:])
    assert found[0].language == "ja"


def test_workers_read_the_rows_with_the_address_of_the_environment(goods: TableSettings) -> None:
    outcomes = list(chain.from_iterable(read_items(items(goods))))
    assert sum(len(o.products) for o in outcomes if isinstance(o, Document)) == 1000


def test_only_the_stretch_around_a_changed_row_changes(shop: str, goods: TableSettings) -> None:
    before = {item.source: item.stamp for item in items(goods)}
    assert before == {item.source: item.stamp for item in items(goods)}
    assert len(before) > 2
    change(shop, "UPDATE 商品 SET 価格 = 1 WHERE id = 500")
    after = {item.source: item.stamp for item in items(goods)}
    assert before.keys() == after.keys()
    assert sum(after[source] != before[source] for source in after) == 1
    change(shop, "DELETE FROM 商品 WHERE id = 500")
    again = {item.source: item.stamp for item in items(goods)}
    assert sum(again[source] != after[source] for source in again) == 1


def test_a_quoted_schema_and_rows_with_long_text_become_documents(goods: TableSettings) -> None:
    tickets = replace(goods, name="desk/tickets", table="help desk.order")
    leak, scale = documents(tickets)
    assert (leak.title, scale.title) == ("Kettle leaks", "Descaling")
    assert scale.source.startswith("desk/tickets/00000000-0000-0000-0000-000000000001 2024-05-02")
    (part,) = scale.parts
    assert part.locator.startswith("row group=00000000-0000-0000-0000-000000000001 select=2024-05-")
    assert part.text.startswith("# Descaling\n\nUse citric acid. Use")
    assert "- note: urgent\n" in part.text


def test_a_query_with_a_key_is_streamed_in_stretches(goods: TableSettings) -> None:
    query = (
        "SELECT id, 型番 AS sku, 商品名 AS name, '7:30 a:b 5%' AS open FROM 商品 WHERE id < 600;"
    )
    asked = replace(goods, name="few", table="", query=query, key=("id",), read_as="rows")
    found = documents(asked)
    assert len(found) > 1
    parts = [part for document in found for part in document.parts]
    assert parts[0].locator == "row id=1"
    assert parts[0].text.splitlines()[2] == "| 1 | K-1 | ケトル 1 | 7:30 a:b 5% |"


def test_a_query_without_a_key_is_one_item(goods: TableSettings) -> None:
    query = (
        "WITH few AS (SELECT 型番, 商品名 FROM 商品 WHERE id <= 300 ORDER BY id) SELECT * FROM few"
    )
    asked = replace(goods, name="few", table="", query=query)
    (item,) = items(asked)
    first, second = list(item.read())
    assert (first.source, second.source) == ("few", "few#257")


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM 商品 RETURNING id",
        "SELECT 1; DELETE FROM 商品",
        "WITH gone AS (DELETE FROM 商品 RETURNING id) SELECT * FROM gone",
        "SELECT 1) AS q; COMMIT; DELETE FROM 商品; SELECT * FROM (SELECT 1",
        "SELECT set_config('transaction_read_only', 'off', false), lo_create(0)",
    ],
)
def test_queries_that_would_write_are_refused(goods: TableSettings, query: str) -> None:
    with pytest.raises(SourceError, match=r"single SELECT|refused|broke off"):
        list(TableSource(replace(goods, table="", query=query)).items())
    assert sum(len(document.products) for document in documents(goods)) > 990


def test_the_connection_itself_can_not_write(goods: TableSettings) -> None:
    with connect(goods) as connection:
        cursor = connection.connection.cursor()
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            cursor.execute("DELETE FROM 商品")


def test_updated_tells_what_changed_by_that_column_only(shop: str, goods: TableSettings) -> None:
    dated = replace(goods, updated="発売")
    before = [item.stamp for item in items(dated)]
    change(shop, "UPDATE 商品 SET 消費電力 = '900W' WHERE id = 10")
    assert [item.stamp for item in items(dated)] == before
    change(shop, "UPDATE 商品 SET 発売 = date '2025-01-01' WHERE id = 10")
    assert sum(a != b for a, b in zip(before, [i.stamp for i in items(dated)], strict=True)) == 1


@pytest.fixture
def as_reader(shop: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The same database for a user who may read one table, with the password by PGPASSWORD."""
    address = re.sub(r"//.*@", "//reader@", shop)
    monkeypatch.setenv("PGPASSWORD", "hunter2")
    yield address


def test_a_whole_database_by_its_address(as_reader: str) -> None:
    source = open_database(as_reader, DEFAULT_SETTINGS)
    assert source.name == "postgres"
    found = list(source.items())
    refused = [item for item in found if isinstance(item, Rejection)]
    assert [(r.source, r.reason) for r in refused] == [("postgres/empty", "unreadable")]
    assert {i.source.partition("#")[0] for i in found} == {"postgres/empty", "postgres/商品"}
    outcomes = list(chain.from_iterable(read_items(found)))
    assert sum(len(o.products) for o in outcomes if isinstance(o, Document)) > 990


def test_errors_name_no_password(
    as_reader: str, goods: TableSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSWORD", "hunter3")
    with pytest.raises(SourceError, match="can't be reached") as wrong:
        list(TableSource(replace(goods, url_env="", url=as_reader)).items())
    with_password = as_reader.replace("reader@", "reader:hunter2@")
    with pytest.raises(SourceError, match="address holds a password") as stored:
        list(TableSource(replace(goods, url_env="", url=with_password)).items())
    monkeypatch.setenv("SHOP_URL", with_password.replace("127.0.0.1:", "127.0.0.1:1"))
    with pytest.raises(SourceError) as nowhere:
        list(TableSource(goods).items())
    for caught in (wrong, stored, nowhere):
        assert "hunter" not in str(caught.value)


def test_what_the_table_does_not_have_is_named(goods: TableSettings) -> None:
    with pytest.raises(SourceError, match="There is no such table"):
        list(TableSource(replace(goods, table="nothing")).items())
    with pytest.raises(SourceError, match=r"no column pris\. It has id, 型番"):
        list(TableSource(replace(goods, title="pris")).items())


def test_a_database_that_goes_away_while_its_rows_are_read_is_no_fault_of_the_rows(
    goods: TableSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = items(goods)
    monkeypatch.setenv("SHOP_URL", "postgresql+psycopg://owner:hunter2@127.0.0.1:1/none")
    with pytest.raises(SourceError, match="can't be reached") as caught:
        list(read_items(listed))
    assert "hunter2" not in str(caught.value)


def test_views_are_read_where_they_are_named(goods: TableSettings) -> None:
    (document, *_) = documents(replace(goods, name="offers", table="offers", key=("id",)))
    assert document.parts[0].text.splitlines()[2] == "| 1 | K-1 |"

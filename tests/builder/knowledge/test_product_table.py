"""Products by number and name."""

from __future__ import annotations

from pathlib import Path

import pytest
from builder_fakes import make_chunk, make_product

from builder.knowledge.products import ProductTable, build, key_of
from builder.records import CatalogEntry


def entry(sku: str, name: str, row: int = 2) -> CatalogEntry:
    product = make_product(sku, name, row)
    return CatalogEntry(make_chunk("c.csv", f"{sku} {name} {row}", sku=sku), product)


class Everything:
    """Whoever asks may read all."""

    def __contains__(self, _: object) -> bool:
        return True


def named(table: ProductTable, question: str) -> list[str]:
    return [found.product.sku for found in table.named_in(question, Everything())]


def test_without_a_catalogue_nothing_is_named(tmp_path: Path) -> None:
    assert ProductTable(tmp_path / "products.db").named_in("K-210", ()) == []


def test_the_longest_name_is_the_one_that_is_meant(tmp_path: Path) -> None:
    build(
        tmp_path / "p.db",
        [entry("A-1", "Kettle"), entry("A-2", "Kettle Steel"), entry("A-3", "Steel Pan")],
    )
    table = ProductTable(tmp_path / "p.db")
    assert named(table, "Is the Kettle Steel heavy?") == ["A-2"]
    assert named(table, "Is the kettle heavy?") == ["A-1"]
    assert set(named(table, "kettle steel or steel pan?")) == {"A-2", "A-3"}


def test_two_products_are_compared(tmp_path: Path) -> None:
    build(tmp_path / "p.db", [entry("K-210", "Plain"), entry("K-210S", "Shiny")])
    table = ProductTable(tmp_path / "p.db")
    assert set(named(table, "K-210とK-210Sの違いは？")) == {"K-210", "K-210S"}
    assert named(table, "K-210Sの色は？") == ["K-210S"]


def test_one_name_in_several_rows_gives_all_of_them(tmp_path: Path) -> None:
    build(tmp_path / "p.db", [entry("X-1", "Cup", 2), entry("X-2", "Cup", 3)])
    assert set(named(ProductTable(tmp_path / "p.db"), "Which cup is blue?")) == {"X-1", "X-2"}


def test_products_that_the_asker_may_not_see_neither_show_nor_stand_in_the_way(
    tmp_path: Path,
) -> None:
    hidden = [entry(f"S-{n}", f"Kettle Secret {n}", n + 10) for n in range(8)]
    longer = entry("A-9", "Kettle Secret", 9)
    plain = entry("A-1", "Kettle", 1)
    build(tmp_path / "p.db", [*hidden, longer, plain])
    table = ProductTable(tmp_path / "p.db")
    question = "kettle secret " + " ".join(f"kettle secret {n}" for n in range(8))
    assert [e.product.sku for e in table.named_in(question, {plain.chunk.id})] == ["A-1"]
    assert "A-1" not in named(table, question)


def test_building_again_replaces_all(tmp_path: Path) -> None:
    path = tmp_path / "p.db"
    assert build(path, [entry("A-1", "Kettle"), entry("A-2", "Pan")]) == 2
    assert build(path, [entry("A-2", "Pan")]) == 1
    assert named(ProductTable(path), "kettle or pan") == ["A-2"]
    assert [p.name for p in tmp_path.iterdir()] == ["p.db"]


@pytest.mark.parametrize(
    "text", ["K-210", "k210", "Ｋ－２１０", "K‐210", "K−210", "K 210", "(K)210"]
)
def test_keys_agree(text: str) -> None:
    assert key_of(text) == "k210"


@pytest.mark.parametrize("question", ["'; DROP TABLE products; --", "%", "_", "", "\x00"])
def test_hostile_questions_find_nothing(tmp_path: Path, question: str) -> None:
    build(tmp_path / "p.db", [entry("A-1", "Kettle")])
    table = ProductTable(tmp_path / "p.db")
    assert named(table, question) == []
    assert named(table, "kettle") == ["A-1"]

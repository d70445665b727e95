"""Chunks and pairs for the tests of builder.dataset."""

from __future__ import annotations

import hashlib
from decimal import Decimal

from builder.records import CatalogEntry, Chunk, QAPair
from connectors.records import Attribute, Product


def chunk_of(
    text: str,
    *,
    headings: tuple[str, ...] = (),
    title: str = "",
    language: str = "en",
    document: str = "",
    kind: str = "prose",
) -> Chunk:
    """A chunk whose verbatim text has its last heading above the text, as the chunker makes it."""
    document = document or title or "doc"
    verbatim = f"## {headings[-1]}\n{text}" if headings else text
    return Chunk(
        id=hashlib.sha256(f"{document}{verbatim}".encode()).hexdigest()[:16],
        document_id=document,
        source=f"{document}.md",
        title=title,
        locator=" › ".join(headings),
        headings=headings,
        language=language,
        kind=kind,  # type: ignore[arg-type]
        text=verbatim,
        model_text=text,
        spans=(),
        tokens=len(text) // 4,
    )


def kettle(language: str = "en") -> CatalogEntry:
    """A product with a missing noise level."""
    rows = {
        "ja": "商品コード K-210|商品名 電気ケトル_湯音|価格 6,980円|容量 1.2L|"
        "説明 1杯分を約55秒で沸かす。|在庫 85台",
        "en": "sku K-210|name Yune_Kettle|price 6980|capacity 1.2_L|"
        "description Boils_one_cup_in_55_seconds.|stock 85_in_stock",
    }
    pairs = [cell.split(" ", 1) for cell in rows[language].split("|")]
    cells = tuple((name, value.replace("_", " ")) for name, value in pairs)
    text = "\n".join(f"{name}: {value}" for name, value in cells)
    values = dict(cells)
    japanese = language == "ja"
    product = Product(
        sku="K-210",
        name=cells[1][1],
        locator="row 2",
        price=Decimal("6980"),
        currency="JPY",
        description=cells[4][1],
        availability=cells[5][1],
        cells=cells,
        attributes=(Attribute("容量" if japanese else "capacity", values[cells[3][0]]),),
        missing=("騒音" if japanese else "noise_level",),
    )
    chunk = chunk_of(text, title="catalog", language=language, kind="product")
    return CatalogEntry(chunk, product)


def pair_of(  # noqa: PLR0913 - every field of a record that a test may set
    question: str,
    answer: str = "Within 5 days.",
    *,
    chunk: str = "c1",
    document: str = "d1",
    language: str = "en",
    fact: str = "",
    kind: str = "number",
    generator: str = "structure",
    quote: str = "",
    answerable: bool = True,
) -> QAPair:
    """A pair; its id comes from its content."""
    return QAPair(
        id=hashlib.sha256(f"{chunk}{question}{answer}".encode()).hexdigest()[:16],
        question=question,
        answer=answer,
        quote=quote or (answer if answerable else ""),
        chunk_id=chunk,
        document_id=document,
        source=f"{document}.md",
        locator="",
        language=language,
        kind=kind,
        generator=generator,
        fact=fact or hashlib.sha256(f"{chunk}{answer}".encode()).hexdigest()[:16],
        answerable=answerable,
    )

"""The index holds exactly the chunks that there are, and embeds only what is new."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from builder_fakes import FakeEmbedder, make_chunk, make_product

from builder.config import RetrievalSection
from builder.knowledge import keywords, products, vectors
from builder.knowledge.index import Index, update_index
from builder.knowledge.retrieve import retrieve
from builder.knowledge.vectors import VectorStore
from builder.records import CatalogEntry, Chunk, Question
from builder.workspace import write_jsonl

ROW = make_chunk("catalogue.csv", "SKU: K-1", kind="product", sku="K-1")
ENTRIES = [CatalogEntry(ROW, make_product("K-1", "Kettle"))]
CHUNKS = [make_chunk(f"d{n}.md", f"Rule number {n} is about topic{n}.") for n in range(5)]


def update(
    folder: Path,
    chunks: Sequence[Chunk],
    embedder: FakeEmbedder,
    *,
    index: bool = True,
    entries: Sequence[CatalogEntry] = (),
) -> tuple[int, int]:
    write_jsonl(folder / "chunks.jsonl", chunks)
    if not index:
        return (0, 0)
    return update_index(folder / "index", chunks, entries, embedder, lambda *_: None)


def stored(folder: Path, embedder: FakeEmbedder) -> set[str]:
    store = VectorStore(folder / "index/vectors", embedder)
    try:
        return set(store.stored())
    finally:
        store.close()


def ask(folder: Path, text: str, embedder: FakeEmbedder, groups: tuple[str, ...] = ()) -> list[str]:
    index = Index(folder / "index", folder / "chunks.jsonl", embedder)
    question = Question("q", text, groups=groups)
    return [p.chunk.id for p in retrieve(index, [question], RetrievalSection(), 10)[0]]


def test_only_what_changed_is_embedded_and_removed(
    tmp_path: Path, fake_embedder: FakeEmbedder
) -> None:
    assert update(tmp_path, CHUNKS, fake_embedder) == (5, 0)
    assert len(fake_embedder.embedded) == 5
    assert update(tmp_path, CHUNKS, fake_embedder) == (0, 0)
    new = make_chunk("d9.md", "A new rule about umbrellas.")
    assert update(tmp_path, [*CHUNKS[1:], new], fake_embedder) == (1, 1)
    assert len(fake_embedder.embedded) == 6
    assert fake_embedder.embedded[-1].endswith("umbrellas.")
    assert stored(tmp_path, fake_embedder) == {c.id for c in [*CHUNKS[1:], new]}


def test_a_chunk_that_is_gone_is_found_no_more(tmp_path: Path, fake_embedder: FakeEmbedder) -> None:
    update(tmp_path, CHUNKS, fake_embedder)
    assert ask(tmp_path, "topic0", fake_embedder)[0] == CHUNKS[0].id
    update(tmp_path, CHUNKS[1:], fake_embedder)
    assert CHUNKS[0].id not in ask(tmp_path, "topic0", fake_embedder)


def test_after_an_import_alone_the_old_index_gives_no_wrong_chunk(
    tmp_path: Path, fake_embedder: FakeEmbedder
) -> None:
    update(tmp_path, CHUNKS, fake_embedder)
    new = make_chunk("d9.md", "Something else.")
    update(tmp_path, [new, *CHUNKS[1:]], fake_embedder, index=False)
    found = ask(tmp_path, "topic3", fake_embedder)
    assert found[0] == CHUNKS[3].id
    assert CHUNKS[0].id not in found


@pytest.mark.parametrize(
    "changes", [{"headings": ("Umbrellas",)}, {"title": "Umbrellas"}, {"groups": ("staff",)}]
)
def test_a_chunk_under_other_headings_or_rules_is_stored_anew(
    tmp_path: Path, fake_embedder: FakeEmbedder, changes: dict[str, object]
) -> None:
    update(tmp_path, CHUNKS, fake_embedder)
    changed = replace(CHUNKS[0], **changes)
    same_text = vectors.text_to_embed(changed) == vectors.text_to_embed(CHUNKS[0])
    embedded = 0 if same_text else 1  # other readers alone need no other vector
    assert update(tmp_path, [changed, *CHUNKS[1:]], fake_embedder) == (embedded, 0)
    assert len(fake_embedder.embedded) == 5 + embedded
    store = VectorStore(tmp_path / "index/vectors", fake_embedder)
    assert {i for i, s in store.stored().items() if s.shelf == store.shelf_of(changed)} == (
        {changed.id} if changed.groups else {c.id for c in [changed, *CHUNKS[1:]]}
    )
    store.close()


def test_another_embedder_embeds_everything_anew(tmp_path: Path) -> None:
    update(tmp_path, CHUNKS, FakeEmbedder("one", 64))
    wider = FakeEmbedder("two", 96)
    assert update(tmp_path, CHUNKS, wider) == (5, 0)
    assert ask(tmp_path, "topic2", wider)[0] == CHUNKS[2].id
    same_width = FakeEmbedder("three", 96)
    assert update(tmp_path, CHUNKS, same_width) == (5, 0)


def test_killed_after_the_first_batch_the_next_run_goes_on(
    tmp_path: Path, fake_embedder: FakeEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "ADD_BATCH", 2)

    def kill(done: int, total: int) -> None:
        raise KeyboardInterrupt(f"{done} of {total}")

    write_jsonl(tmp_path / "chunks.jsonl", CHUNKS)
    with pytest.raises(KeyboardInterrupt, match="2 of 5"):
        update_index(tmp_path / "index", CHUNKS, [], fake_embedder, kill)
    assert len(stored(tmp_path, fake_embedder)) == 2
    steps: list[tuple[int, int]] = []
    update_index(tmp_path / "index", CHUNKS, [], fake_embedder, lambda *step: steps.append(step))
    assert steps == [(2, 3), (3, 3)]
    assert len(fake_embedder.embedded) == 5
    fresh = tmp_path / "fresh"
    update(fresh, CHUNKS, fake_embedder)
    for question in ("topic0", "Rule number 4", "unknown"):
        assert ask(tmp_path, question, fake_embedder) == ask(fresh, question, fake_embedder)


@pytest.mark.parametrize("part", [keywords, products])
def test_killed_while_replacing_a_part_the_next_run_completes(
    tmp_path: Path,
    fake_embedder: FakeEmbedder,
    monkeypatch: pytest.MonkeyPatch,
    part: object,
) -> None:
    update(tmp_path, CHUNKS[:3], fake_embedder)
    with monkeypatch.context() as broken:
        broken.setattr(part, "_point_to" if part is keywords else "_insert", kill_file)
        with pytest.raises(KeyboardInterrupt):
            update(tmp_path, CHUNKS, fake_embedder, entries=ENTRIES)
    assert CHUNKS[2].id in ask(tmp_path, "topic2", fake_embedder)
    update(tmp_path, CHUNKS, fake_embedder)
    assert ask(tmp_path, "topic4", fake_embedder)[0] == CHUNKS[4].id
    left = {path.name for path in (tmp_path / "index").iterdir()}
    assert left == {"vectors", "keywords", "products.db"}


def kill_file(*_: object) -> None:
    raise KeyboardInterrupt


def test_an_index_without_chunks_answers_nothing(
    tmp_path: Path, fake_embedder: FakeEmbedder
) -> None:
    update(tmp_path, CHUNKS, fake_embedder)
    assert update(tmp_path, [], fake_embedder) == (0, 5)
    assert ask(tmp_path, "topic0", fake_embedder) == []


def test_more_chunks_than_the_database_takes_at_once(
    tmp_path: Path, fake_embedder: FakeEmbedder
) -> None:
    many = [make_chunk(f"m{n}.md", f"Rule {n}.") for n in range(1200)]
    update(tmp_path, many, fake_embedder)
    assert update(tmp_path, many[:1], fake_embedder) == (0, 1199)
    assert stored(tmp_path, fake_embedder) == {many[0].id}


def test_a_renamed_document_s_chunk_keeps_its_vector(
    tmp_path: Path, fake_embedder: FakeEmbedder
) -> None:
    named = [replace(chunk, title="Rules") for chunk in CHUNKS]
    update(tmp_path, named, fake_embedder)
    moved = replace(named[0], id="moved", document_id="moved", source="elsewhere.md")
    assert update(tmp_path, [moved, *named[1:]], fake_embedder) == (0, 1)
    assert len(fake_embedder.embedded) == 5
    assert ask(tmp_path, "topic0", fake_embedder)[0] == "moved"
    assert update(tmp_path, named, FakeEmbedder("another")) == (5, 1)


def test_vectors_are_looked_at_in_pages(
    tmp_path: Path, fake_embedder: FakeEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "PAGE", 2)
    update(tmp_path, CHUNKS, fake_embedder)
    assert update(tmp_path, CHUNKS[:4], fake_embedder) == (0, 1)
    assert stored(tmp_path, fake_embedder) == {c.id for c in CHUNKS[:4]}


def test_an_open_index_bears_that_another_process_changes_it(
    tmp_path: Path, fake_embedder: FakeEmbedder
) -> None:
    update(tmp_path, CHUNKS, fake_embedder)
    index = Index(tmp_path / "index", tmp_path / "chunks.jsonl", fake_embedder)
    vector = fake_embedder.queries(["topic3"])[0].tolist()
    assert len(index.nearest(vector, 10, ())) == 5
    script = (
        "import sys; from pathlib import Path; import test_index_update as cases;"
        "from builder_fakes import FakeEmbedder;"
        "new = [cases.make_chunk(f'e{n}.md', f'Another rule {n}.') for n in range(3)];"
        "cases.update(Path(sys.argv[1]), new + cases.CHUNKS[3:4], FakeEmbedder())"
    )
    places = os.pathsep.join([str(Path(__file__).parent), *(p for p in sys.path if p)])
    subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        check=True,
        env=os.environ | {"PYTHONPATH": places},
    )
    assert CHUNKS[3].id in [chunk_id for chunk_id, _ in index.nearest(vector, 10, ())]
    index.close()
    again = Index(tmp_path / "index", tmp_path / "chunks.jsonl", fake_embedder)
    found = [chunk_id for chunk_id, _ in again.nearest(vector, 10, ())]
    assert len(found) == 4
    assert found[0] == CHUNKS[3].id
    again.close()

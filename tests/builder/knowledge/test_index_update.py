"""The index holds exactly the chunks that there are, and embeds only what is new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from builder_fakes import FakeEmbedder, make_chunk

from builder.config import RetrievalSection
from builder.errors import StageMissing
from builder.knowledge import keywords, products, vectors
from builder.knowledge.index import Index, update_index
from builder.knowledge.retrieve import retrieve
from builder.records import Chunk, Question
from builder.workspace import write_jsonl

CHUNKS = [make_chunk(f"d{n}.md", f"Rule number {n} is about topic{n}.") for n in range(5)]


def update(
    folder: Path, chunks: Sequence[Chunk], embedder: FakeEmbedder, *, index: bool = True
) -> tuple[int, int]:
    write_jsonl(folder / "chunks.jsonl", chunks)
    if not index:
        return (0, 0)
    return update_index(folder / "index", chunks, [], embedder, lambda *_: None)


def stored(folder: Path, embedder: FakeEmbedder) -> set[str]:
    return set(vectors.stored_versions(vectors.open_store(folder / "index/vectors", embedder)))


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
    assert update(tmp_path, [changed, *CHUNKS[1:]], fake_embedder) == (1, 0)
    assert len(fake_embedder.embedded) == 6
    store = vectors.open_store(tmp_path / "index/vectors", fake_embedder)
    metadata = store.get(ids=[changed.id], include=["metadatas", "documents"])
    assert metadata["documents"] == [vectors.text_to_embed(changed)]
    readers = {key for key in metadata["metadatas"][0] if key.startswith("reader ")}
    assert readers == ({"reader group:staff"} if changed.groups else {"reader everybody"})


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
        broken.setattr(Path, "replace" if part is products else "rename", kill_file)
        with pytest.raises(KeyboardInterrupt):
            update(tmp_path, CHUNKS, fake_embedder)
    if part is keywords:
        with pytest.raises(StageMissing, match="monoshiri index"):
            ask(tmp_path, "topic4", fake_embedder)
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

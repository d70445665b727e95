"""An index that is asked while it is brought up to date: nothing removed, nothing broken."""

from __future__ import annotations

import threading
from pathlib import Path

from builder_fakes import FakeEmbedder, make_chunk

from builder.config import RetrievalSection
from builder.knowledge import chunk_store
from builder.knowledge.index import Index, update_index
from builder.knowledge.live import LiveIndex
from builder.knowledge.retrieve import retrieve
from builder.records import Chunk, Question
from builder.workspace import write_jsonl

KEPT = [make_chunk(f"kept{n}.md", f"Rule {n} about umbrellas and coats.") for n in range(4)]


def one_time(number: int) -> Chunk:
    return make_chunk(f"once{number}.md", f"The umbrella rule of day {number} is special.")


def test_questions_during_updates_find_nothing_that_was_removed(tmp_path: Path) -> None:
    file, embedder = tmp_path / "chunks.jsonl", FakeEmbedder()
    made = tmp_path / "made"
    gone: set[str] = set()
    faults: list[BaseException] = []
    ended = threading.Event()
    asked = 0

    def imported(number: int) -> None:
        chunks = [*KEPT, one_time(number)]
        write_jsonl(file, chunks)
        chunk_store.update(file)

    def indexed(number: int) -> None:
        chunks = [*KEPT, one_time(number)]
        update_index(tmp_path / "index", chunks, [], embedder, lambda *_: None)
        made.write_text(str(number))

    imported(0)
    indexed(0)
    files = (chunk_store.store_file(file), made)
    live = LiveIndex(files, lambda: Index(tmp_path / "index", file, FakeEmbedder()))

    def asker() -> None:
        nonlocal asked
        while not ended.is_set() or not asked:
            before = set(gone)
            try:
                with live.use() as index:
                    question = Question("", "umbrella rule of the day")
                    found = retrieve(index, [question], RetrievalSection(), 10)[0]
                assert not before & {passage.chunk.id for passage in found}
                assert found
                asked += 1
            except BaseException as exc:
                faults.append(exc)
                return

    threads = [threading.Thread(target=asker) for _ in range(2)]
    for thread in threads:
        thread.start()
    for number in range(1, 4):
        imported(number)
        gone.add(one_time(number - 1).id)
        indexed(number)
    ended.set()
    for thread in threads:
        thread.join(60)
    assert not faults
    assert asked
    with live.use() as index:
        vector = embedder.queries(["rule of day 3"])[0].tolist()
        assert one_time(3).id in [chunk_id for chunk_id, _ in index.nearest(vector, 10, ())]
    live.close()


def test_without_its_store_the_file_of_chunks_counts(tmp_path: Path) -> None:
    file = tmp_path / "chunks.jsonl"
    write_jsonl(file, KEPT)
    chunk_store.update(file)
    write_jsonl(file, KEPT[1:])
    store = chunk_store.ChunkStore(file)
    assert store.get(KEPT[0].id) is None
    assert list(store) == KEPT[1:]
    assert store.beside(KEPT[2].id) == (KEPT[1], KEPT[3])
    assert store.beside(KEPT[1].id)[0] is None
    store.close()

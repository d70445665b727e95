"""The vectors on a real Chroma server on this machine."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from builder_fakes import FakeEmbedder, make_chunk

from builder.config import RetrievalSection
from builder.errors import StoreUnavailable, UsageError
from builder.knowledge.chroma_client import ChromaServer
from builder.knowledge.index import Index, update_index
from builder.knowledge.retrieve import retrieve
from builder.knowledge.vectors import VectorStore
from builder.records import Chunk, Question
from builder.workspace import write_jsonl

CHUNKS = [make_chunk(f"d{n}.md", f"Rule number {n} is about topic{n}.") for n in range(4)]
SECRET = make_chunk("hr.md", "The salary of the manager is 9000 yen.", groups=("hr",))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaServer]:
    port = free_port()
    command = [str(Path(sys.executable).with_name("chroma")), "run", "--host", "127.0.0.1"]
    folder = tmp_path_factory.mktemp("server")
    process = subprocess.Popen(
        [*command, "--port", str(port), "--path", str(folder)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(1200):
            if answers(port):
                break
            time.sleep(0.1)
        yield ChromaServer(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(30)


def build(folder: Path, chunks: list[Chunk], server: ChromaServer) -> tuple[int, int]:
    write_jsonl(folder / "chunks.jsonl", chunks)
    embedder = FakeEmbedder()
    return update_index(folder / "index", chunks, [], embedder, lambda *_: None, server)


def ask(folder: Path, text: str, server: ChromaServer, groups: tuple[str, ...] = ()) -> list[str]:
    index = Index(folder / "index", folder / "chunks.jsonl", FakeEmbedder(), server)
    settings = RetrievalSection(dense_weight=1.0)
    found = retrieve(index, [Question("", text, groups=groups)], settings, 10)[0]
    index.close()
    return [passage.chunk.id for passage in found]


def test_what_is_indexed_is_found_by_those_who_may_and_what_is_removed_is_not(
    tmp_path: Path, server: ChromaServer
) -> None:
    assert build(tmp_path, [*CHUNKS, SECRET], server) == (5, 0)
    assert ask(tmp_path, CHUNKS[2].text, server)[0] == CHUNKS[2].id
    assert SECRET.id not in ask(tmp_path, "salary of the manager", server)
    assert ask(tmp_path, SECRET.text, server, ("hr",))[0] == SECRET.id
    assert build(tmp_path, CHUNKS[1:], server) == (0, 2)
    assert CHUNKS[0].id not in ask(tmp_path, "topic0", server)
    store = VectorStore(tmp_path / "index/vectors", FakeEmbedder(), server)
    assert set(store.stored()) == {chunk.id for chunk in CHUNKS[1:]}
    store.close()


def test_two_bots_on_one_server_have_collections_of_their_own(
    tmp_path: Path, server: ChromaServer
) -> None:
    build(tmp_path / "one", CHUNKS[:2], server)
    build(tmp_path / "two", CHUNKS[2:], server)
    assert set(ask(tmp_path / "one", "topic", server)) == {c.id for c in CHUNKS[:2]}
    assert set(ask(tmp_path / "two", "topic", server)) == {c.id for c in CHUNKS[2:]}


def test_a_server_that_is_down_is_named(tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(StoreUnavailable, match="chroma_url") as caught:
        build(tmp_path, CHUNKS, ChromaServer(url))
    assert url in str(caught.value)


def test_a_token_must_be_set_and_goes_over_tls_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = ChromaServer("http://chroma.example:8000", "CASE_TOKEN")
    with pytest.raises(UsageError, match="CASE_TOKEN"):
        build(tmp_path, CHUNKS, server)
    monkeypatch.setenv("CASE_TOKEN", "s3cret")
    with pytest.raises(UsageError, match="unencrypted") as caught:
        build(tmp_path, CHUNKS, server)
    assert "s3cret" not in str(caught.value)

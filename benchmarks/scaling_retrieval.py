"""Retrieval over many chunks beside LangChain's EnsembleRetriever (BM25Retriever and Chroma) on the
same collection: `python -m benchmarks.scaling_retrieval 1000,30000 [FOLDER]`.

Texts are made (seeded), Japanese and English in turn, their words distributed as in real ones;
every tenth chunk is restricted to a group. Vectors are made as well, around topics, by a stand-in
for the embedder whose own time is taken off. Both sides cut text into the same terms and put up 40
candidates from each search. Each size goes on from the one before.
"""

from __future__ import annotations

import hashlib
import itertools
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from benchmarks.memory import measured
from builder.config import RetrievalSection
from builder.knowledge import chunk_store, keywords
from builder.knowledge.index import Index, update_index
from builder.knowledge.join import joined
from builder.knowledge.retrieve import retrieve
from builder.knowledge.vectors import E5Embeddings
from builder.models.catalog import ModelSource
from builder.models.embedder import Embedder
from builder.records import Chunk, Question
from builder.text.terms import terms
from builder.workspace import write_jsonl

DIMENSION, TOPICS, WORDS, IN_A_DOCUMENT = 384, 400, 30_000, 8
CANDIDATES, ASKED, ASKED_OF_LANGCHAIN = 40, 60, 12
RESTRICTED = ("hr",)
_SYLLABLES = "ka ni to re mo shi ba du el an cor ti ver pre sta in gen ol ur mi".split()
_KANJI = (
    "商品返送期限保証規程申請会社員交通費休暇部長契約更新受付窓口電気製造検査確認書類提出承認設備"
)
_PARTICLES = "はがをにでとのもへ"


class MadeVectors(Embedder):
    """A vector near its topic's, the topic by the text's first word; counts its own seconds."""

    def __init__(self) -> None:
        import numpy as np

        super().__init__(ModelSource("made", "made", (), "", "made"))
        centres = np.random.default_rng(7).standard_normal((TOPICS, DIMENSION))
        self._centres = centres.astype(np.float32)
        self.seconds = 0.0

    def passages(self, texts: Sequence[str]) -> Any:
        """A vector near its topic's centre for each text, (texts, dimension), of length 1."""
        import numpy as np

        began = time.perf_counter()
        rows = []
        for text in texts:
            seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
            topic = int(text.split("topic ", 1)[-1].split(" ", 1)[0])
            noise = np.random.default_rng(seed).standard_normal(DIMENSION, dtype=np.float32)
            rows.append(self._centres[topic] + noise)
        made = np.array(rows, dtype=np.float32)
        made /= np.linalg.norm(made, axis=1, keepdims=True)
        self.seconds += time.perf_counter() - began
        return made

    def queries(self, texts: Sequence[str]) -> Any:
        return self.passages(texts)


class Corpus:
    """Made chunks by their number, the same in every run."""

    @cached_property
    def _words(self) -> tuple[list[str], list[str]]:
        chance = random.Random(1)  # noqa: S311 - made text
        english = [
            "".join(chance.choices(_SYLLABLES, k=chance.randint(1, 4))) for _ in range(WORDS)
        ]
        japanese = ["".join(chance.choices(_KANJI, k=chance.randint(2, 4))) for _ in range(WORDS)]
        return english, japanese

    @cached_property
    def _shares(self) -> list[float]:
        return list(itertools.accumulate(1.0 / (rank + 3) for rank in range(WORDS)))  # Zipf

    def chunk(self, number: int) -> Chunk:
        """The chunk of that number."""
        chance = random.Random(number)  # noqa: S311 - made text
        language = "ja" if number // IN_A_DOCUMENT % 2 else "en"
        words = self._drawn(chance, language, 60 if language == "en" else 45)
        text = f"topic {chance.randrange(TOPICS)} {self._joined(chance, words, language)}"
        text += f" K-{chance.randrange(10_000)}-{chance.choice('ABCG')}"
        document = number // IN_A_DOCUMENT
        return Chunk(
            id=f"{number:016x}",
            document_id=f"{document:016x}",
            source=f"part-{document % 50}/rule-{document}.md",
            title=f"Rule {document}",
            locator="",
            headings=(),
            language=language,
            kind="prose",
            text=text,
            model_text=text,
            spans=((0, 0, len(text)),),
            tokens=120,
            groups=RESTRICTED if document % 10 == 0 else (),
        )

    def question(self, number: int, among: int) -> str:
        """Words of one of the first chunks, among others."""
        chance = random.Random(-number - 1)  # noqa: S311 - made text
        chunk = self.chunk(chance.randrange(among))
        topic, _, rest = chunk.text.removeprefix("topic ").partition(" ")
        if chunk.language == "ja":
            at = chance.randrange(max(1, len(rest) - 30))
            return f"topic {topic} {rest[at : at + 24]}について教えてください。"
        picked = chance.sample(rest.split(), 7)
        return f"topic {topic} what is the rule for {' '.join(picked)}?"

    def _drawn(self, chance: random.Random, language: str, count: int) -> list[str]:
        words = self._words[0 if language == "en" else 1]
        return chance.choices(words, cum_weights=self._shares, k=count)

    def _joined(self, chance: random.Random, words: list[str], language: str) -> str:
        if language == "en":
            return " ".join(words)
        return "".join(word + chance.choice(_PARTICLES) for word in words)


class Chunks:
    """The first `count` chunks, made as they are gone through."""

    def __init__(self, corpus: Corpus, count: int, edited: frozenset[int] = frozenset()) -> None:
        self.corpus, self.count, self.edited = corpus, count, edited

    def __iter__(self) -> Iterator[Chunk]:
        for number in range(self.count):
            chunk = self.corpus.chunk(number)
            if number in self.edited:
                text = chunk.text + " edited"
                chunk = replace(chunk, id=f"e{number:015x}", text=text, model_text=text)
            yield chunk


def main(sizes: Sequence[int], folder: str = "") -> None:
    """Print the table."""
    corpus, embedder = Corpus(), MadeVectors()
    print("| chunks | what | p50 ms | p95 ms | seconds | peak MB |\n|" + " --- |" * 6, flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(folder or scratch)
        root.mkdir(parents=True, exist_ok=True)
        for size in sizes:
            _measure(root, corpus, size, embedder)


def _measure(root: Path, corpus: Corpus, size: int, embedder: MadeVectors) -> None:
    file = root / "chunks.jsonl"
    chunks = Chunks(corpus, size)
    write_jsonl(file, chunks)

    def show(what: str, seconds: float, megabytes: float = 0.0) -> None:
        print(f"| {size} | {what} | | | {seconds:.1f} | {megabytes:.0f} |", flush=True)

    with measured() as spent:
        chunk_store.update(file)
    show("chunk store", spent.seconds, spent.parent_mb)
    with measured() as spent:
        keywords.build(root / "keywords", chunks)
    show("keywords alone", spent.seconds, spent.parent_mb)
    with measured() as spent:
        update_index(root / "index", chunks, [], embedder, lambda *_: None)
    show("index, from the size before", spent.seconds, spent.parent_mb)
    began = time.perf_counter()
    index = Index(root / "index", file, embedder)
    show("open", time.perf_counter() - began)
    asked = [corpus.question(number, size) for number in range(ASKED)]
    settings = RetrievalSection(candidates=CANDIDATES)

    def ours(groups: tuple[str, ...]) -> Callable[[str], object]:
        def ask(text: str) -> object:
            ranked = retrieve(index, [Question("", text, groups=groups)], settings, 25)
            return joined(index, ranked[0], 5)

        return ask

    parts: list[tuple[str, Callable[[str], object]]] = [
        ("Monoshiri, asker without groups", ours(())),
        ("Monoshiri, asker who may read all", ours(RESTRICTED)),
        ("  keywords alone", lambda text: index.keyword_ids(text, CANDIDATES, ())),
    ]
    for name, ask in parts:
        _show(size, name, _times(ask, asked, embedder), 0.0, 0.0)
    try:
        _langchain(root, chunks, asked, embedder)
    except ImportError as exc:
        print(f"| {size} | LangChain left out: {exc} | | | | |", flush=True)
    index.close()
    with measured() as spent:
        update_index(
            root / "index", Chunks(corpus, size, frozenset([5])), [], embedder, lambda *_: None
        )
    show("index after one chunk changed", spent.seconds, spent.parent_mb)
    megabytes = sum(f.stat().st_size for f in root.rglob("*") if f.is_file()) / 1e6
    print(f"| {size} | on disk: {megabytes:.0f} MB | | | | |", flush=True)


def _langchain(root: Path, chunks: Chunks, asked: Sequence[str], embedder: MadeVectors) -> None:
    import chromadb
    from chromadb.config import Settings
    from langchain_chroma import Chroma
    from langchain_classic.retrievers import EnsembleRetriever
    from langchain_community.retrievers import BM25Retriever

    with measured() as spent:
        rows = [chunk for chunk in chunks if not chunk.groups]
        keyword = BM25Retriever.from_texts(
            [f"{chunk.title}\n{chunk.text}" for chunk in rows], preprocess_func=terms
        )
    keyword.k = CANDIDATES
    quiet = Settings(anonymized_telemetry=False)
    client = chromadb.PersistentClient(str(root / "index" / "vectors"), settings=quiet)
    collection = Chroma("chunks-everybody", E5Embeddings(embedder), client=client)
    dense = collection.as_retriever(search_kwargs={"k": CANDIDATES})
    both = EnsembleRetriever(retrievers=[keyword, dense], weights=[0.3, 0.7])
    times = _times(both.invoke, asked[:ASKED_OF_LANGCHAIN], embedder)
    name = f"EnsembleRetriever, of {len(rows)} readable chunks"
    _show(chunks.count, name, times, spent.seconds, spent.parent_mb)


def _times(
    ask: Callable[[str], object], asked: Sequence[str], embedder: MadeVectors
) -> list[float]:
    """Milliseconds of each question, without the embedder's; the first two only warm up."""
    out = []
    for number, text in enumerate([*asked[:2], *asked]):
        before, began = embedder.seconds, time.perf_counter()
        ask(text)
        spent = time.perf_counter() - began - (embedder.seconds - before)
        if number >= 2:
            out.append(spent * 1000)
    return sorted(out)


def _show(size: int, name: str, times: list[float], seconds: float, megabytes: float) -> None:
    p50, p95 = times[len(times) // 2], times[min(len(times) - 1, int(len(times) * 0.95))]
    rest = f"{seconds:.1f} | {megabytes:.0f}" if seconds else " | "
    print(f"| {size} | {name} | {p50:.1f} | {p95:.1f} | {rest} |", flush=True)


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1].split(",")], *sys.argv[2:])

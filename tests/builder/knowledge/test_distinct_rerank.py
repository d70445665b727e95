"""What nearly says the same is shown once; a real cross-encoder orders anew; codes by parts."""

from __future__ import annotations

from pathlib import Path

import pytest
from builder_fakes import FakeEmbedder, make_chunk

from builder.config import RetrievalSection
from builder.errors import ModelUnavailable
from builder.knowledge.duplicates import Distinct
from builder.knowledge.index import Index, update_index
from builder.knowledge.retrieve import retrieve
from builder.models.reranker import Reranker
from builder.records import Question
from builder.text.terms import terms
from builder.workspace import write_jsonl

RULE = (
    "Employees who travel on behalf of the company for more than 3 days may ask the travel desk "
    "to book flights and hotels, and receive an allowance for meals and local transport."
)


@pytest.mark.parametrize(
    ("other", "shown"),
    [
        (RULE.replace("Employees who", "Employees  WHO"), 1),
        (RULE.replace("and receive", "and will receive"), 1),
        (RULE.replace("3 days", "5 days"), 2),
        (RULE.replace("may ask", "may not ask"), 2),
        ("Something else entirely stands here about umbrellas.", 2),
    ],
)
def test_near_duplicates_are_shown_once_but_other_facts_are_not(other: str, shown: int) -> None:
    distinct = Distinct()
    assert sum(distinct.is_new(make_chunk(f"{n}", t)) for n, t in enumerate((RULE, other))) == shown


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("SPK310", "SP-K310-G"),
        ("K310", "K-310"),
        ("SPK310G", "SP-K310-G"),
        ("k310g", "SP-K310-G"),
        ("サーバ", "サーバー"),
        ("ヴァイオリン", "バイオリン"),
        ("ｻｰﾊﾞｰ", "サーバ"),
        ("髙﨑", "高崎"),
    ],
)
def test_fragments_and_other_spellings_have_terms_in_common(asked: str, written: str) -> None:
    wanted = max(terms(asked), key=len)
    assert wanted in terms(written) or set(terms(asked)) <= set(terms(written))


@pytest.fixture(scope="module")
def cross_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real CrossEncoder with random weights, saved as users have theirs."""
    pytest.importorskip("sentence_transformers")
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    folder = tmp_path_factory.mktemp("reranker")
    letters = [*"abcdefghijklmnopqrstuvwxyz0123456789.?"]
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{c}" for c in letters)]
    numbers = {word: number for number, word in enumerate(words)}
    BertTokenizerFast(vocab=numbers).save_pretrained(folder)
    torch.manual_seed(3)
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        num_labels=1,
        initializer_range=1.0,
    )
    model = BertForSequenceClassification(config)
    torch.nn.init.normal_(model.classifier.weight, std=0.1)  # scores apart from 0 and 1
    model.save_pretrained(folder)
    return folder


def test_the_cross_encoder_s_order_is_the_passages_order(
    tmp_path: Path, cross_encoder: Path
) -> None:
    chunks = [make_chunk(f"d{n}.md", f"Rule number {n} is about topic{n * 37}.") for n in range(6)]
    write_jsonl(tmp_path / "chunks.jsonl", chunks)
    embedder = FakeEmbedder()
    update_index(tmp_path / "index", chunks, [], embedder, lambda *_: None)
    index = Index(tmp_path / "index", tmp_path / "chunks.jsonl", embedder)
    settings = RetrievalSection(reranker=str(cross_encoder))
    found = retrieve(index, [Question("", "which rule is it?")], settings, 10)[0]
    texts = [f"{p.chunk.title}\n{p.chunk.model_text}" for p in found]
    scores = Reranker(str(cross_encoder)).scores("which rule is it?", texts)
    assert len(set(scores)) > 1
    assert scores == sorted(scores, reverse=True)
    assert [p.score for p in found] == pytest.approx(scores, abs=1e-5)
    index.close()


def test_a_reranker_that_is_not_there_is_named(tmp_path: Path) -> None:
    pytest.importorskip("sentence_transformers")
    with pytest.raises(ModelUnavailable, match="reranker"):
        Reranker(str(tmp_path / "none")).scores("a", ["b"])

"""Gold questions from files, from pairs, and samples of them."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from builder.errors import UsageError
from builder.evaluation.questions import from_file, from_pairs, sample
from builder.records import Message, QAPair


def pair(number: int, **changes: object) -> QAPair:
    fields: dict[str, object] = {
        "id": f"p{number}",
        "question": "How long is the warranty?",
        "answer": "The warranty lasts 2 years.",
        "quote": "Warranty: 2 years",
        "chunk_id": "c",
        "document_id": "d",
        "source": "warranty.md",
        "locator": "page 1",
        "language": "en",
        "kind": "number",
        "generator": "structure",
        "fact": f"f{number}",
        "split": "test",
    }
    return QAPair(**(fields | changes))  # type: ignore[arg-type]


def write(folder: Path, *rows: object) -> Path:
    path = folder / "questions.jsonl"
    lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_full_line(tmp_path: Path) -> None:
    row = {
        "id": "m1",
        "question": "And both?",
        "history": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}],
        "groups": ["hr"],
        "answer": "A and B.",
        "answers": ["A", "B"],
        "source": "a.md",
        "sources": ["a.md", "b.md"],
        "alt_sources": ["c.md", "a.md"],
        "evidence": "is A",
        "evidences": ["is A", "is B"],
        "answerable": True,
        "kind": "multi",
        "language": "en",
        "standalone": "ignored",
    }
    (gold,) = from_file(write(tmp_path, row))
    assert gold.question.history == (Message("user", "Hi"), Message("assistant", "Hello"))
    assert gold.question.groups == ("hr",)
    assert gold.sources == ("a.md", "b.md", "c.md")
    assert (gold.accepted, gold.evidence, gold.kind) == (("A", "B"), "is A", "multi")


def test_a_bare_line_and_an_unanswerable_one(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        {"id": "1", "question": "保証は何年ですか？"},
        "",
        {"id": "2", "question": "Why?", "answerable": False, "source": None, "answers": []},
        {"id": "3", "question": "How long?", "answers": ["2 years"]},
    )
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    bare, without, short = from_file(path)
    assert (bare.language, bare.answerable, bare.answer, bare.accepted) == ("ja", True, "", ())
    assert (without.language, without.answerable, without.sources) == ("en", False, ())
    assert short.answer == "2 years"


def test_every_faulty_line_is_named(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        {"id": "1", "question": "Good?"},
        {"question": "No id?"},
        "not json",
        {"id": "1", "question": "The same id?"},
        {"id": "4", "question": "   "},
        {"id": "5", "question": "Bad history?", "history": [{"role": "boss", "content": "x"}]},
        {"id": "6", "question": "A number?", "answers": [4]},
        '{"id": "7", "question": "half a character: \\ud800"}',
    )
    with pytest.raises(UsageError) as caught:
        from_file(path)
    text = str(caught.value)
    assert str(path) in text
    for part in ("line 2: `id`", "line 3:", "stands in line 1 too", "line 5: `question`",
                 "line 6: `history.0.role`", "line 7: `answers.0`", "line 8"):  # fmt: skip
        assert part in text


def test_many_faults_are_counted(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="and 15 more"):
        from_file(write(tmp_path, *["x"] * 25))


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe\x00"])
def test_missing_empty_and_undecodable_files(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "questions.jsonl"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UsageError):
        from_file(path)


def test_pairs_give_one_wording_a_fact_of_the_test_split() -> None:
    pairs = [
        pair(1, fact="same"),
        pair(2, fact="same"),
        pair(3, split="train"),
        pair(4, answerable=False, answer="The documents do not say.", quote="", fact="none"),
    ]
    golds = from_pairs(pairs)
    assert len(golds) == 2
    assert from_pairs(reversed(pairs))[-1] == golds[0]
    without = golds[1]
    assert (without.answerable, without.accepted, without.sources) == (False, (), ())


@pytest.mark.parametrize(
    ("answer", "accepted"),
    [
        ("The warranty lasts 2 years.", ("2 years",)),
        ("保証期間は2年間です。", ("2年間",)),
        ("保証期間は3か月です。", ("3か月",)),
        ("残りは3つです。", ("3つ",)),
        ("マグネシウムは30です。", ("30",)),
        ("商品コードは06216です。", ("06216",)),
        ("It costs ¥12,800.", ("12800",)),
        ("The code is K-210X.", ("K-210X",)),
        ("Mail to help@example.com.", ("help@example.com",)),
        ("Between 3 and 5 days.", ("Between 3 and 5 days.", "Warranty: 2 years")),
        ("Until it breaks.", ("Until it breaks.", "Warranty: 2 years")),
    ],
)
def test_accepted_strings_of_a_pair(answer: str, accepted: tuple[str, ...]) -> None:
    (gold,) = from_pairs([pair(1, answer=answer)])
    assert gold.accepted == accepted


def test_a_sample_is_balanced_seeded_and_without_repeats(gold) -> None:
    golds = [
        replace(
            gold(number),
            kind="number" if number < 80 else "list",
            language="en" if number % 10 else "ja",
            sources=(f"{number % 5}.md",),
        )
        for number in range(100)
    ]
    chosen = sample(golds, 20, seed=3)
    assert len(chosen) == 20
    assert sample(list(reversed(golds)), 20, seed=3) == list(reversed(chosen))
    assert sample(golds, 20, seed=4) != chosen
    # a fifth of the questions are lists; most of the Japanese ones are not
    assert Counter(g.kind for g in chosen)["list"] >= 8
    # only ten are Japanese, and all of them are needed for an even share
    assert Counter(g.language for g in chosen)["ja"] == 10
    assert len(sample(golds, 500, seed=3)) == 100


def test_a_sample_holds_one_wording_of_a_fact(gold) -> None:
    first = gold(1)
    again = replace(first, question=replace(first.question, id="again", text="And in days?"))
    assert len(sample([first, again, gold(2)], 10, seed=1)) == 2

"""Keywords alone: what is best comes first, and only what the asker may read counts."""

from __future__ import annotations

from pathlib import Path

import pytest
from builder_fakes import make_chunk

from builder.errors import StageMissing
from builder.knowledge import keywords

OPEN = [make_chunk(f"d{n}.md", f"Rule {n} about umbrellas. " * (n + 1)) for n in range(30)]
CODE = make_chunk("parts.md", "The lid SP-K310-G fits.")
SECRET = make_chunk("hr.md", "umbrellas umbrellas umbrellas", groups=("hr",))


def test_the_best_come_first_and_restricted_ones_take_no_place(tmp_path: Path) -> None:
    keywords.build(tmp_path, [*OPEN, CODE, SECRET])
    index = keywords.open_keywords(tmp_path)
    for fragment in ("SP-K310", "K310", "k-310", "spk310g"):
        assert index.best(fragment, 5, ())[0] == CODE.id
    assert SECRET.id in index.best("umbrellas", 40, ("hr",))
    for groups in ((), ("h",), ("r",), ("[",), ('["hr"]',)):
        found = index.best("umbrellas", 30, groups)
        assert set(found) == {chunk.id for chunk in OPEN}
    assert index.best("umbrellas", 3, ()) == index.best("umbrellas", 30, ())[:3]
    assert index.best("zebra", 5, ()) == []
    assert index.frequency("umbrella") == 31
    assert index.frequency("zebra") == 0
    assert index.count == len(OPEN) + 2


def test_an_open_index_goes_on_when_it_is_replaced(tmp_path: Path) -> None:
    keywords.build(tmp_path, OPEN)
    index = keywords.open_keywords(tmp_path)
    keywords.build(tmp_path, [CODE])
    assert len(index.best("umbrellas", 40, ())) == len(OPEN)
    assert keywords.open_keywords(tmp_path).best("umbrellas", 40, ()) == []


def test_no_chunks_and_no_index(tmp_path: Path) -> None:
    keywords.build(tmp_path / "empty", [])
    assert keywords.open_keywords(tmp_path / "empty").best("umbrella", 5, ()) == []
    with pytest.raises(StageMissing, match="monoshiri index"):
        keywords.open_keywords(tmp_path / "none")

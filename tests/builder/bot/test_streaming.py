"""Of the model's words nobody sees any before the sentence is complete and borne out."""

from __future__ import annotations

import pytest

from builder.bot.streaming import Held


def given(pieces: list[str], holds: object) -> list[str]:
    assert holds is None or callable(holds)
    return list(Held(holds).pieces(iter(pieces)))


def test_sentences_come_as_soon_as_the_next_begins() -> None:
    seen: list[str] = []

    def holds(said: str) -> bool:
        seen.append(said)
        return True

    pieces = ["Open ", "daily. ", "Closed ", "on ", "Mondays. [1]"]
    assert given(pieces, holds) == ["Open daily.", " Closed on Mondays."]
    assert seen == ["Open daily.", "Open daily. Closed on Mondays."]


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        (["商品は14日以内に", "返品できます。送料は", "お客様の負担です。"], 2),
        (["Within ", "14 days"], 1),
        ([], 0),
        (["[1]"], 0),
    ],
)
def test_everything_that_holds_is_given_once(pieces: list[str], expected: int) -> None:
    out = given(pieces, lambda _: True)
    assert len(out) == expected
    assert "".join(out) == "".join(pieces).replace("[1]", "")


def test_after_a_sentence_that_does_not_hold_nothing_more_is_given() -> None:
    pieces = ["Open daily. ", "Delivery takes 99 days. ", "Closed on Mondays."]
    assert given(pieces, lambda said: "99" not in said) == ["Open daily."]


def test_an_image_of_a_tracker_is_never_on_the_screen_even_half() -> None:
    pieces = ["Open daily. ", "![x](https://evil", ".example/?q=1) ", "Bye."]
    assert "evil" not in "".join(given(pieces, lambda said: "evil" not in said))


def test_without_passages_the_words_come_as_they_are_said() -> None:
    held = Held(None)
    assert list(held.pieces(iter(["a", "b "]))) == ["a", "b "]
    assert held.text == "ab "

"""The model's words as they come, held back until the sentence they belong to is borne out."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from builder.prompt import split_marks
from builder.text.injections import visible
from builder.text.sentences import sentence_spans


class Held:
    """Words on their way to the reader; `text` is all that the model has said.

    `holds`: whether what was said so far is borne out; None where nothing can bear it out, and the
    words go through as they come.
    """

    def __init__(self, holds: Callable[[str], bool] | None) -> None:
        self._holds = holds
        self._given = ""
        self.text = ""

    def pieces(self, said: Iterator[str]) -> Iterator[str]:
        """Each sentence once it is complete and holds together with those before it. After one
        that doesn't, nothing more is given: the final answer will be another."""
        holds = self._holds
        for piece in said:
            self.text += piece
            yield from self._borne_out(_complete(self.text), holds) if holds else [piece]
        if holds:
            yield from self._borne_out(self.text, holds)

    def _borne_out(self, text: str, holds: Callable[[str], bool]) -> Iterator[str]:
        whole = split_marks(visible(text))[0]
        new = whole.removeprefix(self._given)
        if new and whole.startswith(self._given) and holds(text):
            self._given = whole
            yield new


def _complete(text: str) -> str:
    """The text up to where its last sentence begins: that one may go on."""
    spans = sentence_spans(text)
    return text[: spans[-1][0]].rstrip() if len(spans) > 1 else ""

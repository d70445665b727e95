"""Walks the tokens of an RTF file and tells its text from its formatting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from connectors.errors import UnreadableFile
from connectors.formats.rtf_fonts import CHARSETS, codec_of, decoded, heading_level
from connectors.formats.rtf_layout import Layout
from connectors.formats.rtf_tokens import Token

_MAX_GROUPS = 10_000  # open at once
_SIGNS = {
    b"tab": "\t",
    b"line": "\n",
    b"emdash": "—",
    b"endash": "–",
    b"lquote": "‘",
    b"rquote": "’",
    b"ldblquote": "“",
    b"rdblquote": "”",
    b"bullet": "•",
    b"emspace": "\u3000",
    b"enspace": " ",
    b"qmspace": " ",
    b"nestcell": " ",
    b"nestrow": "\n",
}
_SYMBOLS = {b"~": " ", b"_": "-", b"\t": "\t"}
_LEFT_OUT = frozenset(
    b"colortbl pict objdata header headerl headerr headerf footer footerl footerr footerf fldinst "
    b"xe tc shprslt nonshppict nonesttables filetbl revtbl listtable listoverridetable sp pn "
    b"author operator manager company keywords comment doccomm subject category hlinkbase creatim "
    b"revtim printim buptim".split()
)
"""Groups that hold no text of the document."""
_READ_ANYWAY = frozenset((b"shpinst", b"fldrslt", b"ud"))
"""Groups with text, though they are marked as ones that old programs pass over."""
_KINDS = {
    b"fonttbl": "fonts",
    b"stylesheet": "styles",
    b"title": "title",
    b"listtext": "label",
    b"pntext": "label",
    b"footnote": "note",
}


@dataclass(frozen=True, slots=True)
class State:
    """What holds within a group."""

    kind: str = "text"
    """Where text goes: one of `_KINDS`, or empty for nowhere."""
    font: int | None = None
    skip: int = 1
    """How many bytes stand in for one `\\u` character."""
    hidden: bool = False
    bold: bool = False
    style: int = 0
    """Number of the style that is being defined."""


_CHARACTER: dict[bytes, Callable[[State, int | None], State]] = {
    b"f": lambda state, number: replace(state, font=number),
    b"uc": lambda state, number: replace(state, skip=max(0, min(number or 0, 100))),
    b"v": lambda state, number: replace(state, hidden=number != 0),
    b"deleted": lambda state, number: replace(state, hidden=number != 0),
    b"b": lambda state, number: replace(state, bold=number != 0),
    b"plain": lambda state, _: replace(state, hidden=False, bold=False),
}
"""Control words that change the state."""


class Walk:
    """Takes tokens one by one; `layout` gathers the text."""

    def __init__(self) -> None:
        self.layout = Layout()
        self.title = ""
        """The title in the properties; empty where there is none."""
        self._codec = "cp1252"
        self._fonts: dict[int, str] = {}
        self._state = State()
        self._stack: list[State] = []
        self._starred = False
        self._bytes = bytearray()
        self._to_skip = 0
        self._name = ""

    @property
    def open_groups(self) -> int:
        """How many groups have not been closed."""
        return len(self._stack)

    def take(self, token: Token) -> None:
        """The next token."""
        if token.kind == "bytes":
            skipped = min(self._to_skip, len(token.text))
            self._to_skip -= skipped
            self._bytes += token.text[skipped:]
            return
        self._flush()
        self._to_skip = 0
        if token.kind == "open":
            self._open()
        elif token.kind == "close":
            self._close()
        elif token.kind == "word":
            self._word(token.text, token.number)
        elif token.text == b"*":
            self._starred = True
        elif token.text in (b"\n", b"\r"):
            self._word(b"par", None)
        else:
            self._put(_SYMBOLS.get(token.text, ""))

    def _open(self) -> None:
        if len(self._stack) >= _MAX_GROUPS:
            raise UnreadableFile(
                "broken", "It nests too deep.", remedy="Open it in its program and save it again."
            )
        self._stack.append(self._state)

    def _close(self) -> None:
        before = self._state.kind
        if self._stack:
            self._state = self._stack.pop()
        self._starred = False
        if before == "note" and self._state.kind == "text":
            self._put(")")

    def _flush(self) -> None:
        """Bytes become text where the encoding may change: a character may be several tokens."""
        if self._bytes:
            font = self._state.font
            codec = self._codec if font is None else self._fonts.get(font, self._codec)
            text = decoded(bytes(self._bytes), codec)
            self._bytes.clear()
            self._put(text)

    def _put(self, text: str) -> None:
        kind = self._state.kind
        if self._state.hidden or not text:
            return
        if kind in ("text", "note"):
            self.layout.put(text, bold=self._state.bold)
        elif kind == "label":
            self.layout.put_label(text)
        elif kind == "title":
            self.title += text
        elif kind == "styles":
            self._define_style(text)

    def _define_style(self, text: str) -> None:
        self._name += text
        if self._name.rstrip().endswith(";"):
            level = heading_level(self._name)
            if level is not None:
                self.layout.levels[self._state.style] = level
            self._name = ""

    def _word(self, word: bytes, number: int | None) -> None:
        starred, self._starred = self._starred, False
        if word in _LEFT_OUT or (starred and word not in _READ_ANYWAY):
            self._state = replace(self._state, kind="")
        elif word in _KINDS:
            self._enter(_KINDS[word])
        elif word in _SIGNS:
            self._put(_SIGNS[word])
        elif word == b"u" and number is not None:
            self._put(chr(number % 65536))
            self._to_skip = self._state.skip
        elif word in _CHARACTER:
            self._state = _CHARACTER[word](self._state, number)
        else:
            self._define(word, number or 0)

    def _enter(self, kind: str) -> None:
        if not self._state.kind:  # within what is left out
            return
        if kind == "note":
            self._put(" (")
        elif kind == "title":
            self.title = ""  # it may come twice, the second time in Unicode
        self._state = replace(self._state, kind=kind)

    def _define(self, word: bytes, number: int) -> None:
        """Words whose meaning depends on the group they stand in."""
        state = self._state
        if state.kind == "text":
            self.layout.act(word, number)
        elif state.kind == "note" and word == b"par":
            self._put(" ")
        elif state.kind == "fonts" and word == b"fcharset" and state.font is not None:
            if number in CHARSETS:
                self._fonts[state.font] = CHARSETS[number]
        elif state.kind == "styles" and word == b"s":
            self._state = replace(state, style=number)
        elif state.kind == "styles" and word == b"outlinelevel" and 0 <= number < 9:
            self.layout.levels[state.style] = min(number + 1, 6)
        if word == b"ansicpg":
            self._codec = codec_of(number)

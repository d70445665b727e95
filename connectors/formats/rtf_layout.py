"""RTF's control words of structure: where paragraphs, cells and rows end, and what they are."""

from __future__ import annotations

from collections.abc import Callable

from connectors.formats.rtf_blocks import Blocks, Cell, Paragraph

Action = Callable[["Layout", int], None]


class Layout:
    """Gathers text into paragraphs and cells."""

    def __init__(self) -> None:
        self.blocks = Blocks()
        self.damaged = 0
        self.levels: dict[int, int] = {}
        """Number of the style → level of the heading; 0 is the title."""
        self._text: list[str] = []
        self._label = ""
        self._all_bold = True
        self._level: int | None = None
        self._depth = 0
        self._in_table = False
        self._cells: list[str] = []
        self._merges: list[tuple[bool, bool]] = []
        self._merge = (False, False)

    def put(self, text: str, *, bold: bool = False) -> None:
        """Text of the paragraph at hand."""
        self._text.append(text)
        self._all_bold &= bold or not text.strip()

    def put_label(self, text: str) -> None:
        """The number or bullet before it."""
        self._label += text

    def act(self, word: bytes, number: int) -> None:
        """What a control word means for the structure, if anything."""
        action = ACTIONS.get(word)
        if action is not None:
            action(self, number)

    def finish(self) -> Blocks:
        """The blocks, after the end."""
        self.end_row(0)
        self._in_table = False
        self.end_paragraph(0)
        return self.blocks

    def end_paragraph(self, _: int) -> None:
        """In a cell, paragraphs become one."""
        text, label = self._taken(), self._label.strip()
        self._label = ""
        if self._in_table:
            self._text = [f"{label} {text}".strip(), "\n"]
            return
        bold = self._all_bold and bool(text)
        level = self._level if text else None
        self.blocks.add_paragraph(Paragraph(text, level, label, self._depth, bold))
        self._text, self._all_bold = [], True

    def end_cell(self, _: int) -> None:
        """The text since the last cell."""
        self.end_table_paragraph()
        self._cells.append(" ".join(self._taken().split("\n")))
        self._text, self._all_bold = [], True

    def end_table_paragraph(self) -> None:
        """What ends a cell ends its last paragraph too."""
        self._in_table = True
        self.end_paragraph(0)

    def end_row(self, _: int) -> None:
        """The cells since the last row, with what the row's definition says of merged ones."""
        if self._in_table and self._taken():
            self.end_cell(0)
        merges = [*self._merges, *[(False, False)] * len(self._cells)]
        if self._cells:
            self.blocks.add_row([Cell(t, *m) for t, m in zip(self._cells, merges, strict=False)])
        self._cells = []

    def begin_row(self, _: int) -> None:
        """A new definition of cells."""
        self._merges, self._merge = [], (False, False)

    def define_cell(self, _: int) -> None:
        """The end of one cell's definition."""
        self._merges.append(self._merge)
        self._merge = (False, False)

    def merge_down(self, _: int) -> None:
        """The cell being defined goes on the one above."""
        self._merge = (True, self._merge[1])

    def merge_across(self, _: int) -> None:
        """The cell being defined goes on the one at its left."""
        self._merge = (self._merge[0], True)

    def reset(self, _: int) -> None:
        """The paragraph has no properties but those that follow."""
        self._in_table, self._level, self._depth = False, None, 0

    def enter_table(self, _: int) -> None:
        """The paragraph stands in a cell."""
        self._in_table = True

    def set_style(self, number: int) -> None:
        """The paragraph's style by its number."""
        self._level = self.levels.get(number)

    def set_level(self, number: int) -> None:
        """The paragraph's level in the outline, 0 the outermost, 9 none."""
        if 0 <= number < 9 and self._level is None:
            self._level = min(number + 1, 6)

    def set_depth(self, number: int) -> None:
        """The level of a list item, 0 the outermost."""
        self._depth = max(0, min(number, 9))

    def _taken(self) -> str:
        """The text so far; characters that came in two halves are put together."""
        raw = "".join(self._text).encode("utf-16-le", "surrogatepass")
        text = raw.decode("utf-16-le", "replace")
        self.damaged += text.count("\ufffd")
        self._text = [text]
        return text.strip()


ACTIONS: dict[bytes, Action] = {
    b"par": Layout.end_paragraph,
    b"sect": Layout.end_paragraph,
    b"page": Layout.end_paragraph,
    b"pard": Layout.reset,
    b"intbl": Layout.enter_table,
    b"cell": Layout.end_cell,
    b"row": Layout.end_row,
    b"trowd": Layout.begin_row,
    b"cellx": Layout.define_cell,
    b"clvmrg": Layout.merge_down,
    b"clmrg": Layout.merge_across,
    b"s": Layout.set_style,
    b"outlinelevel": Layout.set_level,
    b"ilvl": Layout.set_depth,
}

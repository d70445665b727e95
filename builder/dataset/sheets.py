"""The review sheet: pairs as CSV, Excel or JSON lines, and back."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from builder.dataset.review import ReviewRow, key_of
from builder.errors import UsageError
from builder.records import QAPair

COLUMNS = (
    "status", "question", "answer", "before", "quote", "source", "locator", "kind", "split", "key",
)  # fmt: skip
"""`status`, `question` and `answer` may be changed; the rest tells what they are about."""
NEEDED = ("status", "question", "answer", "key")
MOST_BYTES = 200_000_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_sheet(pairs: Sequence[QAPair], path: Path) -> None:
    """Write the pairs in the form that the file's ending names. Raises UsageError for another."""
    form = _form(path, _WRITERS)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    try:
        _WRITERS[form]([_row(pair) for pair in pairs], fresh)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def read_sheet(path: Path) -> list[ReviewRow]:
    """The rows of a sheet that a person filled in. Raises UsageError where it can't be read or a
    column is missing."""
    form = _form(path, _READERS)
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UsageError("the sheet is larger than 200 MB.", str(path), "Divide it.")
        rows = list(_READERS[form](path))
    except OSError as exc:
        raise UsageError(f"the sheet can't be read ({exc.strerror}).", str(path)) from exc
    except (UnicodeDecodeError, ValueError, KeyError, csv.Error) as exc:
        raise UsageError(
            "this is no review sheet.", str(path), f"Write one with `monoshiri review`. ({exc})"
        ) from exc
    missing = [name for name in NEEDED if rows and name not in rows[0]]
    if missing:
        raise UsageError(
            f"the sheet has no column {', '.join(missing)}.",
            str(path),
            f"It needs {', '.join(NEEDED)}.",
        )
    return [
        ReviewRow(row["key"], row["status"].strip().lower(), row["question"], row["answer"])
        for row in rows
    ]


def _row(pair: QAPair) -> dict[str, str]:
    before = "\n".join(turn.content for turn in pair.history)
    status = "ok" if pair.reviewed else ""
    values = (
        status, pair.question, pair.answer, before, pair.quote, pair.source, pair.locator,
        pair.kind, pair.split, key_of(pair),
    )  # fmt: skip
    return dict(zip(COLUMNS, values, strict=True))


def _form(path: Path, table: Mapping[str, object]) -> str:
    form = path.suffix.lower()
    if form not in table:
        raise UsageError(
            f"a sheet can't be `{form or path.name}`.", str(path), f"Use {', '.join(table)}."
        )
    return form


def _write_csv(rows: Sequence[Mapping[str, str]], path: Path) -> None:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    # A spreadsheet would run a cell that begins like a formula.
    writer.writerows({k: _inert(v) for k, v in row.items()} for row in rows)
    path.write_text(text.getvalue(), encoding="utf-8-sig", newline="")  # Excel needs the mark


def _read_csv(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as handle:
        for row in csv.DictReader(handle):
            yield {str(k): _bare(v or "") for k, v in row.items()}


def _inert(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _bare(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text


def _write_excel(rows: Sequence[Mapping[str, str]], path: Path) -> None:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book = Workbook(write_only=True)
    sheet = book.create_sheet("pairs")
    sheet.freeze_panes = "A2"
    for letter, width in zip("ABCDEFGHIJ", (10, 50, 60, 30, 40, 24, 24, 12, 10, 18), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.append(list(COLUMNS))
    for row in rows:
        cells = []
        for name in COLUMNS:
            cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", row[name]))
            cell.data_type = "s"  # text, also where it begins like a formula
            cells.append(cell)
        sheet.append(cells)
    book.save(path)


def _read_excel(path: Path) -> Iterator[dict[str, str]]:
    from zipfile import BadZipFile

    from openpyxl import load_workbook

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except BadZipFile as exc:
        raise ValueError("not an Excel file") from exc
    rows = book.worksheets[0].iter_rows(values_only=True)
    head = [str(cell or "") for cell in next(rows, ())]
    for row in rows:
        if any(cell is not None for cell in row):
            yield dict(zip(head, ("" if c is None else str(c) for c in row), strict=False))
    book.close()


def _write_lines(rows: Sequence[Mapping[str, str]], path: Path) -> None:
    path.write_text(
        "".join(json.dumps(dict(row), ensure_ascii=False) + "\n" for row in rows), encoding="utf-8"
    )


def _read_lines(path: Path) -> Iterator[dict[str, str]]:
    for line in path.read_text(encoding="utf-8-sig").split("\n"):
        if line.strip():
            value = json.loads(line)
            if not isinstance(value, dict):
                raise ValueError("a line is no JSON object")
            yield {str(k): str(v) for k, v in value.items()}


_WRITERS: dict[str, Callable[[Sequence[Mapping[str, str]], Path], None]] = {
    ".csv": _write_csv,
    ".xlsx": _write_excel,
    ".jsonl": _write_lines,
}
_READERS: dict[str, Callable[[Path], Iterable[dict[str, str]]]] = {
    ".csv": _read_csv,
    ".xlsx": _read_excel,
    ".jsonl": _read_lines,
}

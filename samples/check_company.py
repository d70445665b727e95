"""Check that the sample company is consistent: catalogues, questions, evidence, sizes.

Run ``python samples/check_company.py``; exits with 1 and a list of faults when something
is wrong. With ``--rebuild`` it also rebuilds the generated files in a temporary folder
and compares the bytes (needs the library versions that built the committed files).
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from email import message_from_bytes
from email.policy import default
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from docx import Document
from openpyxl import load_workbook
from pptx import Presentation
from pypdf import PdfReader

HERE = Path(__file__).resolve().parent
COMPANY = HERE / "company"
KINDS = {"number", "fact", "condition", "procedure", "list", "definition", "contact"}
KINDS |= {"product", "comparison"}
FIELDS = {"id", "question", "answer", "answers", "source", "evidence"}
FIELDS |= {"answerable", "kind", "language"}
OPTIONAL = {"alt_sources", "history", "standalone"}
MAX_BYTES = 1_200_000
CODE = re.compile(r"(?<![A-Z0-9-])(?!X-)[A-Z]-[A-Z]{0,2}\d+[A-Z0-9]*(?:-[A-Z])?")
MAIL = re.compile(r"[\w.+-]+@[\w.-]*\w")
PHONE = re.compile(r"\b0\d{1,3}-\d{3,4}-\d{3,4}\b")
FICTIONAL = re.compile(r"(03-0000|0120-000|070-0000)-")
FORMATS = {".md", ".txt", ".html", ".docx", ".pdf", ".xlsx", ".pptx", ".eml"}


class TextOf(HTMLParser):
    """Collect the visible text of an HTML page."""

    def __init__(self) -> None:
        """Start with no text."""
        super().__init__()
        self.parts: list[str] = []
        self.skip = 0

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        """Leave scripts and styles out."""
        self.skip += tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        """End a script or style."""
        self.skip -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        """Keep one run of text."""
        if not self.skip:
            self.parts.append(data)


def docx_text(path: Path) -> str:
    """Return paragraphs and table cells of a Word file."""
    document = Document(str(path))
    lines = [paragraph.text for paragraph in document.paragraphs]
    for table in document.tables:
        lines += [cell.text for row in table.rows for cell in row.cells]
    return "\n".join(lines)


def pptx_text(path: Path) -> str:
    """Return titles, bullets, tables and notes of a slide deck."""
    lines: list[str] = []
    for slide in Presentation(str(path)).slides:
        for shape in slide.shapes:
            item: Any = shape
            if item.has_text_frame:
                lines.append(item.text_frame.text)
            if item.has_table:
                lines += [cell.text for row in item.table.rows for cell in row.cells]
        if slide.has_notes_slide:
            frame = slide.notes_slide.notes_text_frame
            lines.append(frame.text if frame else "")
    return "\n".join(lines)


def xlsx_text(path: Path) -> str:
    """Return all cells of a workbook, row by row."""
    rows = [row for sheet in load_workbook(path) for row in sheet.iter_rows(values_only=True)]
    return "\n".join("\t".join(str(v) for v in row if v is not None) for row in rows)


def pdf_text(path: Path) -> str:
    """Return the text of all pages of a PDF."""
    return "\n".join(page.extract_text() for page in PdfReader(path).pages)


def json_text(path: Path) -> str:
    """Return the values of a JSON catalogue, one a line."""
    rows = json.loads(path.read_text(encoding="utf-8"))
    return "\n".join(str(value) for row in rows for value in row.values())


def csv_rows(path: Path) -> list[list[str]]:
    """Return the rows of a cp932 CSV file."""
    return list(csv.reader(io.StringIO(path.read_bytes().decode("cp932"), newline="")))


def plain_text(path: Path) -> str:
    """Decode a text file: UTF-8 (with or without a BOM), else cp932."""
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp932")


def extract(path: Path) -> str:
    """Return the text of any file of the sample company."""
    suffix = path.suffix
    if suffix == ".html":
        parser = TextOf()
        parser.feed(path.read_text(encoding="utf-8"))
        return "".join(parser.parts)
    if suffix == ".eml":
        message = message_from_bytes(path.read_bytes(), policy=default)
        body = message.get_body()
        return f"{message['Subject']}\n{body.get_content() if body else ''}"
    if suffix == ".csv":
        return "\n".join("\n".join(row) for row in csv_rows(path))
    readers = {".docx": docx_text, ".pptx": pptx_text, ".xlsx": xlsx_text}
    readers |= {".pdf": pdf_text, ".json": json_text}
    return readers.get(suffix, plain_text)(path)


def numbers(value: str | None) -> list[str]:
    """Return the numbers in a value, sorted, without thousands separators."""
    return sorted(re.findall(r"\d+(?:\.\d+)?", (value or "").replace(",", "")))


def check_catalog(faults: list[str]) -> set[str]:
    """Compare both catalogues and return the product codes."""
    header, *rows = csv_rows(COMPANY / "catalog/products_ja.csv")
    ja = {row[0]: dict(zip(header, row, strict=True)) for row in rows}
    items = json.loads((COMPANY / "catalog/products_en.json").read_text(encoding="utf-8"))
    en = {item["sku"]: item for item in items}
    if len(ja) != len(rows) or len(en) != len(items):
        faults.append("catalogue: a product code occurs twice")
    if ja.keys() != en.keys() or len(ja) < 44:
        faults.append(f"catalogue: codes differ or too few: {sorted(ja.keys() ^ en.keys())}")
    pairs = {"容量": "capacity", "消費電力": "power", "重量": "weight", "寸法": "dimensions"}
    pairs |= {"在庫": "stock", "保証期間": "warranty"}
    for sku in sorted(ja.keys() & en.keys()):
        if numbers(ja[sku]["価格(税込)"]) != [str(en[sku]["price_jpy"])]:
            faults.append(f"{sku}: prices differ")
        for column, key in pairs.items():
            if numbers(ja[sku][column]) != numbers(en[sku][key]):
                faults.append(f"{sku}: {key} differs: {ja[sku][column]!r}, {en[sku][key]!r}")
        if re.search(r"[ぁ-んァ-ヶ一-龥]", json.dumps(en[sku], ensure_ascii=False)):
            faults.append(f"{sku}: Japanese left in the English catalogue")
    return set(ja)


def check_documents(texts: dict[str, str], skus: set[str], faults: list[str]) -> None:
    """Check that codes and mail domains named in documents belong to this world."""
    for name, text in texts.items():
        unknown = [code for code in CODE.findall(text) if code not in skus]
        faults.extend(f"{name}: unknown product code {code}" for code in unknown)
        outside = [mail for mail in MAIL.findall(text) if not mail.endswith("example.com")]
        faults.extend(f"{name}: {mail} is not at example.com" for mail in outside)
        phones = [phone for phone in PHONE.findall(text) if not FICTIONAL.match(phone)]
        faults.extend(f"{name}: {phone} is not a fictional number" for phone in phones)
    documents = [Path(name) for name in texts if name.startswith("documents/")]
    if len(documents) < 16 or {path.suffix for path in documents} != FORMATS:
        faults.append("documents: fewer than 16, or a format is missing")


def check_question(row: dict[str, Any], texts: dict[str, str], faults: list[str]) -> None:
    """Check one gold question against the text of its source."""
    name = row.get("id", "?")
    if row.keys() - OPTIONAL != FIELDS:
        faults.append(f"{name}: wrong fields {sorted(row)}")
        return
    if row["kind"] not in KINDS:
        faults.append(f"{name}: unknown kind {row['kind']}")
    if ("history" in row) != ("standalone" in row):
        faults.append(f"{name}: history and standalone belong together")
    if not row["answerable"]:
        if row["answers"] or row["source"] is not None or row["evidence"] is not None:
            faults.append(f"{name}: unanswerable, but has answers, source or evidence")
        return
    if row["evidence"] not in texts.get(row["source"], ""):
        faults.append(f"{name}: evidence not in {row['source']}: {row['evidence']!r}")
    if not any(answer in row["answer"] for answer in row["answers"]):
        faults.append(f"{name}: no short answer occurs in the full answer")
    faults += [f"{name}: no file {x}" for x in row.get("alt_sources", []) if x not in texts]


def check_questions(texts: dict[str, str], faults: list[str]) -> list[dict[str, Any]]:
    """Check the gold questions and their counts."""
    lines = (HERE / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    rows: list[dict[str, Any]] = [json.loads(line) for line in lines]
    for row in rows:
        check_question(row, texts, faults)
    counts = Counter(row["language"] for row in rows)
    answerable = [row for row in rows if row["answerable"]]
    if len({row["id"] for row in rows}) != 40 or len(rows) != 40:
        faults.append(f"questions: {len(rows)} lines, 40 different ids expected")
    if counts != {"ja": 20, "en": 20} or len(answerable) != 30:
        faults.append(f"questions: {dict(counts)}, {len(answerable)} answerable")
    return rows


def check_rebuild(faults: list[str]) -> None:
    """Rebuild the generated files elsewhere and compare them byte for byte."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, str(HERE / "make_documents.py"), folder]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
        for path in (p for p in Path(folder).rglob("*") if p.is_file()):
            name = path.relative_to(folder)
            if path.read_bytes() != (COMPANY / name).read_bytes():
                faults.append(f"{name}: differs from a fresh build")


def main() -> int:
    """Run all checks and print a summary."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rebuild", action="store_true", help="compare with a fresh build")
    arguments = parser.parse_args()
    faults: list[str] = []
    folders = [COMPANY / "documents", COMPANY / "catalog"]
    paths = sorted(p for folder in folders for p in folder.rglob("*") if p.is_file())
    texts = {path.relative_to(COMPANY).as_posix(): extract(path) for path in paths}
    skus = check_catalog(faults)
    check_documents(texts, skus, faults)
    rows = check_questions(texts, faults)
    every = [p for p in HERE.rglob("*") if p.is_file() and "cache" not in p.as_posix()]
    size = sum(p.stat().st_size for p in every)
    if size > MAX_BYTES:
        faults.append(f"samples: {size:,} bytes is more than {MAX_BYTES:,}")
    if arguments.rebuild:
        check_rebuild(faults)
    for name, text in texts.items():
        print(f"{len(text):>7,} characters {len(text.split()):>6,} words  {name}")
    kinds = Counter(row["kind"] for row in rows)
    print(f"{len(texts)} files, {len(skus)} products, {len(rows)} questions, {size:,} bytes")
    print("questions by kind:", ", ".join(f"{k} {n}" for k, n in sorted(kinds.items())))
    for fault in faults:
        print("FAULT", fault)
    print("FAILED" if faults else "OK")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

"""Rebuild the generated files of the sample company from the texts in ``sources/``.

Run ``python samples/make_documents.py`` (or give another output folder as the only
argument). The same sources give the same bytes with the same library versions: zip
members, document properties, PDF ids and mail headers all carry a fixed time.
Needs python-docx, python-pptx, openpyxl and reportlab.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from docx import Document
from docx.oxml.ns import qn
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from pptx import Presentation
from pptx.util import Inches
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

HERE = Path(__file__).resolve().parent
SOURCES = HERE / "sources"
WHEN = datetime(2026, 4, 1, 9, 0, 0)
WHEN_XML = WHEN.strftime("%Y-%m-%dT%H:%M:%SZ")
COMPANY_EN = "Kayanomi Kitchen Appliances Co., Ltd."


@dataclass
class Block:
    """One piece of a source text: a heading, paragraph, list, table or speaker note."""

    kind: str
    text: str = ""
    level: int = 0
    rows: list[list[str]] = field(default_factory=list)


def read_source(name: str) -> str:
    """Return the text of one file in ``sources/``."""
    return (SOURCES / name).read_text(encoding="utf-8")


def parse_blocks(text: str) -> list[Block]:
    """Split the small Markdown dialect of ``sources/*.md`` into blocks."""
    blocks: list[Block] = []
    for line in filter(None, (raw.strip() for raw in text.splitlines())):
        if match := re.match(r"(#+) (.*)", line):
            blocks.append(Block("heading", match[2], level=len(match[1])))
        elif line.startswith("> Notes: "):
            blocks.append(Block("note", line.removeprefix("> Notes: ")))
        elif line.startswith("- "):
            blocks.append(Block("item", line[2:]))
        elif line.startswith("|"):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            if all(re.fullmatch(r"-+", cell) for cell in cells):
                continue
            if not blocks or blocks[-1].kind != "table":
                blocks.append(Block("table"))
            blocks[-1].rows.append(cells)
        else:
            blocks.append(Block("text", line))
    return blocks


def freeze_zip(data: bytes) -> bytes:
    """Give every member of an Office file, and its core properties, a fixed time."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                pattern = rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*"
                content = re.sub(pattern, rb"\g<1>" + WHEN_XML.encode(), content)
            info = zipfile.ZipInfo(name, date_time=WHEN.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            target.writestr(info, content)
    return out.getvalue()


def saved(document: Any) -> bytes:
    """Save a python-docx, python-pptx or openpyxl object to frozen bytes."""
    buffer = io.BytesIO()
    document.save(buffer)
    return freeze_zip(buffer.getvalue())


def set_properties(document: Any, title: str) -> None:
    """Fill in the core properties shared by .docx and .pptx files."""
    props = document.core_properties
    props.title, props.comments = title, ""
    props.author = props.last_modified_by = COMPANY_EN
    props.created = props.modified = WHEN


def make_docx(source: str, east_asian_font: str = "Yu Gothic") -> bytes:
    """Build a Word file with heading styles, bullet lists and grid tables."""
    document = Document()
    normal: Any = document.styles["Normal"]
    normal.font.name = "Calibri"
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), east_asian_font)
    blocks = parse_blocks(read_source(source))
    set_properties(document, blocks[0].text)
    for block in blocks:
        if block.kind == "heading":
            document.add_heading(block.text, level=block.level)
        elif block.kind == "item":
            document.add_paragraph(block.text, style="List Bullet")
        elif block.kind == "table":
            table = document.add_table(rows=0, cols=len(block.rows[0]), style="Table Grid")
            for number, row in enumerate(block.rows):
                for cell, value in zip(table.add_row().cells, row, strict=True):
                    cell.paragraphs[0].add_run(value).bold = number == 0
            document.add_paragraph()
        else:
            document.add_paragraph(block.text)
    return saved(document)


def make_pptx(source: str) -> bytes:
    """Build the slides: a title slide, bullet slides, notes and one table slide."""
    deck = Presentation()
    blocks = parse_blocks(read_source(source))
    set_properties(deck, blocks[0].text)
    slide: Any = None
    for index, block in enumerate(blocks):
        if block.kind == "heading":
            has_table = index + 1 < len(blocks) and blocks[index + 1].kind == "table"
            layout = 0 if slide is None else 5 if has_table else 1
            slide = deck.slides.add_slide(deck.slide_layouts[layout])
            slide.shapes.title.text = block.text
        elif block.kind == "item":
            frame = slide.placeholders[1].text_frame
            paragraph = frame.add_paragraph() if frame.text else frame.paragraphs[0]
            paragraph.text = block.text
        elif block.kind == "note":
            slide.notes_slide.notes_text_frame.text = block.text
        elif block.kind == "table":
            rows, columns = len(block.rows), len(block.rows[0])
            place = (Inches(0.6), Inches(1.8), Inches(8.8), Inches(0.5 * rows))
            table = slide.shapes.add_table(rows, columns, *place).table
            for y, row in enumerate(block.rows):
                for x, value in enumerate(row):
                    table.cell(y, x).text = value
    return saved(deck)


def make_xlsx(source: str) -> bytes:
    """Build a workbook with one sheet for each list in the JSON source."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator = COMPANY_EN
    for name, rows in json.loads(read_source(source)).items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for cell in sheet[1]:
            cell.font = Font(bold=True)
            cell.alignment = Alignment(wrap_text=True)
        for column in sheet.columns:
            widest = max(len(str(cell.value or "")) for cell in column)
            sheet.column_dimensions[column[0].column_letter].width = min(34, widest + 4)
        sheet.freeze_panes = "A2"
    return saved(book)


def pdf_styles(fonts: tuple[str, str], wrap: str | None) -> dict[str, ParagraphStyle]:
    """Return the paragraph styles of a PDF for its (text, heading) fonts."""
    text, head = fonts
    base = ParagraphStyle("text", fontName=text, fontSize=10, leading=14, wordWrap=wrap)
    base.spaceAfter = 3
    return {
        "text": base,
        "item": ParagraphStyle("item", base, leftIndent=12, bulletFontName=text),
        "cell": ParagraphStyle("cell", base, fontSize=9, leading=12, spaceAfter=0),
        "h1": ParagraphStyle("h1", base, fontName=head, fontSize=17, leading=23, spaceAfter=8),
        "h2": ParagraphStyle(
            "h2", base, fontName=head, fontSize=12.5, leading=18, spaceBefore=8, keepWithNext=1
        ),
    }


def make_pdf(
    source: str, header: str, fonts: tuple[str, str], widths: list[float], wrap: str | None = None
) -> bytes:
    """Build a PDF whose pages all carry the same header and a "Page n" footer."""
    styles = pdf_styles(fonts, wrap)
    blocks = parse_blocks(read_source(source))
    story: list[Flowable] = []
    for block in blocks:
        text = escape(block.text)
        if block.kind == "heading":
            story.append(Paragraph(text, styles["h1" if block.level == 1 else "h2"]))
        elif block.kind == "item":
            story.append(Paragraph(text, styles["item"], bulletText="・" if wrap else "-"))
        elif block.kind == "table":
            cells = [[Paragraph(escape(v), styles["cell"]) for v in row] for row in block.rows]
            table = Table(cells, colWidths=[width * mm for width in widths], repeatRows=1)
            grid = ("GRID", (0, 0), (-1, -1), 0.5, colors.grey)
            shade = ("BACKGROUND", (0, 0), (-1, 0), colors.whitesmoke)
            table.setStyle(TableStyle([grid, shade]))
            story += [Spacer(1, 2 * mm), table, Spacer(1, 3 * mm)]
        else:
            story.append(Paragraph(text, styles["text"]))

    def decorate(canvas: Any, document: Any) -> None:
        """Draw the running header and footer of one page."""
        canvas.saveState()
        canvas.setFont(fonts[0], 8)
        canvas.drawString(20 * mm, A4[1] - 14 * mm, header)
        canvas.drawCentredString(A4[0] / 2, 11 * mm, f"Page {document.page}")
        canvas.restoreState()

    buffer = io.BytesIO()
    document = SimpleDocTemplate(buffer, invariant=1, leftMargin=20 * mm, rightMargin=20 * mm)
    document.title, document.author = blocks[0].text, COMPANY_EN
    document.build(story, onFirstPage=decorate, onLaterPages=decorate)
    return buffer.getvalue()


def make_repair_pdf() -> bytes:
    """Build the Japanese repair procedure with the built-in CID fonts."""
    fonts = ("HeiseiMin-W3", "HeiseiKakuGo-W5")
    for font in fonts:
        pdfmetrics.registerFont(UnicodeCIDFont(font))
    header = "カヤノミ厨房機器株式会社　RC-01 修理受付・対応手順書　社外秘"
    return make_pdf("repair_procedure_ja.md", header, fonts, [22, 78, 36, 34], wrap="CJK")


def make_delivery_pdf() -> bytes:
    """Build the English delivery guide, whose price table runs over two pages."""
    header = "Kayanomi Kitchen Appliances - LG-04 Delivery and Installation Guide"
    fonts = ("Helvetica", "Helvetica-Bold")
    return make_pdf("delivery_installation_en.md", header, fonts, [16, 75, 24, 55])


def make_eml(source: str) -> bytes:
    """Build a UTF-8 mail from a text of header lines, an empty line and the body."""
    head, _, body = read_source(source).partition("\n\n")
    message = EmailMessage(policy=SMTP)
    for line in head.splitlines():
        name, _, value = line.partition(": ")
        message[name] = value
        if name == "In-Reply-To":
            message["References"] = value
    message.set_content(body, charset="utf-8", cte="base64")
    return message.as_bytes()


def make_text(source: str, encoding: str) -> bytes:
    """Encode a text as Windows programs do: CRLF line ends, cp932 or UTF-8 with a BOM."""
    return read_source(source).replace("\n", "\r\n").encode(encoding)


CATEGORIES = {
    "kettle": ("電気ケトル", "Kettles"),
    "rice cooker": ("炊飯器", "Rice cookers"),
    "toaster": ("トースター・オーブン", "Toasters and ovens"),
    "coffee maker": ("コーヒー用品", "Coffee makers and grinders"),
    "blender": ("ブレンダー", "Blenders and food processors"),
    "IH hob": ("IHクッキングヒーター", "IH hobs"),
    "water purifier": ("浄水器", "Water purifiers"),
    "vacuum sealer": ("真空パック器", "Vacuum sealers"),
    "multi cooker": ("調理鍋・ホットプレート", "Multi cookers and hot plates"),
    "accessory": ("交換用アクセサリー", "Accessories"),
    "consumable": ("消耗品", "Consumables"),
}
COLUMNS_JA = [
    *("商品コード", "商品名", "カテゴリー", "価格(税込)", "容量", "消費電力"),
    *("重量", "寸法", "色", "保証期間", "在庫", "説明"),
]
TO_ENGLISH: list[tuple[str, str]] = [
    (r"^幅(\d+)cmまで$", r"bags up to \1 cm wide"),
    (r"^幅(\d+)cm×(\d+)m$", r"\1 cm × \2 m"),
    (r"^(\d+)g×(\d+)袋$", r"\2 × \1 g"),
    (r"^深さ(\d+)cm$", r"\1 cm deep"),
    (r"^幅(.+?)×奥行(.+?)×高さ(.+?)cm$", r"W\1 × D\2 × H\3 cm"),
    (r"([\d.]+)枚焼き", r"\1 slices"),
    (r"\b1杯分", "1 cup"),
    (r"([\d.]+)杯分", r"\1 cups"),
    (r"^1口$", "1 cooking zone"),
    (r"^(\d+)口$", r"\1 cooking zones"),
    (r"([\d.]+)合", r"\1 go"),
    (r"^1年$", "1 year"),
    (r"^(\d+)年$", r"\1 years"),
    (r"^(\d+)か月$", r"\1 months"),
    (r"^保証対象外$", "not covered"),
    (r"^取り寄せ$", "back-order"),
    (r"^在庫切れ$", "out of stock"),
    (r"^(\d+)[台個]$", r"\1 in stock"),
    (r"（(.+?)）", r" (\1)"),
    (r"約", "approx. "),
    (r"(\d)(kg|g|mL|L|W|V|mAh)\b", r"\1 \2"),
]
COLORS = {"ホワイト": "white", "ブラック": "black", "マットブラック": "matt black"}
COLORS |= {"ピンク": "pink", "クリア": "clear", "チャコール": "charcoal", "ブラウン": "brown"}
COLORS |= {"シルバー": "silver", "グレー": "grey", "グリーン": "green", "レッド": "red"}


def english(value: str) -> str | None:
    """Turn a Japanese attribute value into English, or ``None`` when it is empty."""
    for pattern, replacement in TO_ENGLISH:
        value = re.sub(pattern, replacement, value)
    return value or None


def read_products() -> list[dict[str, str]]:
    """Read the product table that both catalogues are made from."""
    header, *lines = read_source("products.psv").splitlines()
    names = header.removeprefix("# ").split("|")
    return [dict(zip(names, line.split("|"), strict=True)) for line in lines]


def make_catalog_ja() -> bytes:
    """Build the Japanese catalogue: a cp932 CSV file as Excel writes it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS_JA)
    for item in read_products():
        small = item["category"] in ("accessory", "consumable")
        price = f"￥{item['price']}" if small else f"{item['price']}円"
        attributes = ("capacity", "power", "weight", "dimensions", "color", "warranty", "stock")
        row = [item["sku"], item["name_ja"], CATEGORIES[item["category"]][0], price]
        writer.writerow([*row, *(item[name] for name in attributes), item["description_ja"]])
    return out.getvalue().encode("cp932")


def make_catalog_en() -> bytes:
    """Build the English catalogue: a JSON list with the same products and facts."""
    rows: list[dict[str, str | int | None]] = []
    for item in read_products():
        shades = [COLORS[shade] for shade in item["color"].split("／") if shade]
        row: dict[str, str | int | None] = {"sku": item["sku"], "name": item["name_en"]}
        row["category"] = CATEGORIES[item["category"]][1]
        row["price_jpy"] = int(item["price"].replace(",", ""))
        for name in ("capacity", "power", "weight", "dimensions"):
            row[name] = english(item[name])
        row["color"] = ", ".join(shades) or None
        row["warranty"], row["stock"] = english(item["warranty"]), english(item["stock"])
        row["description"] = item["description_en"]
        rows.append(row)
    return (json.dumps(rows, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


FILES: dict[str, Callable[[], bytes]] = {
    "documents/hr/travel_expenses_en.docx": lambda: make_docx("travel_expenses_en.md"),
    "documents/hr/onboarding_en.pptx": lambda: make_pptx("onboarding_en.md"),
    "documents/hr/2026-04-07_travel_reply_ja.eml": lambda: make_eml("travel_mail_ja.txt"),
    "documents/support/repair_procedure_ja.pdf": make_repair_pdf,
    "documents/delivery/delivery_installation_en.pdf": make_delivery_pdf,
    "documents/it/it_helpdesk_ja.txt": lambda: make_text("it_helpdesk_ja.txt", "utf-8-sig"),
    "documents/store/opening_checklist_ja.txt": lambda: make_text(
        "opening_checklist_ja.txt", "cp932"
    ),
    "documents/store/price_tag_rules_ja.docx": lambda: make_docx("price_tag_rules_ja.md"),
    "documents/store/stores_and_parts.xlsx": lambda: make_xlsx("stores_and_parts.json"),
    "catalog/products_ja.csv": make_catalog_ja,
    "catalog/products_en.json": make_catalog_en,
}


def main(arguments: list[str]) -> int:
    """Write every generated file below the output folder."""
    target = Path(arguments[0]) if arguments else HERE / "company"
    for name, build in FILES.items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(build())
        print(f"{path.stat().st_size:>8,}  {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

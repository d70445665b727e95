"""XML: feeds as their entries, spreadsheets of Excel 2003, records as a table, the rest as text."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from connectors.catalog.merchant import is_merchant_feed, read_merchant
from connectors.catalog.table import read_table
from connectors.formats.feed import is_feed, read_feed
from connectors.formats.html import html_to_text
from connectors.formats.safe_xml import local_name, parse_xml
from connectors.formats.spreadsheetml import is_spreadsheet, read_spreadsheet
from connectors.formats.xml_records import find_records, record_table
from connectors.formats.xml_text import data_lines, is_prose, prose_lines, stated_title
from connectors.reading import InputFile, Reading
from connectors.records import Part
from connectors.settings import ReadingSettings

if TYPE_CHECKING:
    from lxml.etree import _Element


def read(file: InputFile) -> Reading:
    """By what the root element is; a new kind of XML is one more line here."""
    data = file.path.read_bytes()
    root = parse_xml(data)
    if is_merchant_feed(root):
        return _products(root, file.settings)
    if is_feed(root):
        return read_feed(root)
    if is_spreadsheet(root):
        return read_spreadsheet(root, file.settings)
    if local_name(root) == "html":
        return Reading(_html_title(root), (Part("", html_to_text(_as_text(root))),))
    return _read_any(root, file.settings)


def _products(root: _Element, settings: ReadingSettings) -> Reading:
    content = read_merchant(root, settings.columns)
    text = "\n".join(content.lines)
    parts = (Part("", text + "\n"),) if text.strip() else ()
    return Reading(stated_title(root), parts, content.products, content.notes)


def _read_any(root: _Element, settings: ReadingSettings) -> Reading:
    """Repeated elements as rows (`row 1` is the first), what stands beside them as lines."""
    title = stated_title(root)
    if is_prose(root):
        return Reading(title, (Part("", "\n".join(prose_lines(root)).strip() + "\n"),))
    records = find_records(root)
    if records is None:
        return Reading(title, (Part("", "\n".join(data_lines(root)) + "\n"),))
    content = read_table(replace(record_table(records), corrections=settings.columns))
    beside = data_lines(root, without=frozenset(records))
    text = "\n".join([*beside, *content.lines])
    parts = (Part("", text + "\n"),) if text.strip() else ()
    return Reading(title, parts, content.products, content.notes)


def _html_title(root: _Element) -> str:
    found = (element for element in root.iter() if local_name(element) == "title")
    return " ".join("".join(next(found, root).itertext()).split())[:200]


def _as_text(root: _Element) -> str:
    from lxml import etree

    return str(etree.tostring(root, encoding="unicode"))

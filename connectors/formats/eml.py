"""E-mail: the headers that say who and when, then the body; the attachments beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import policy
from email.header import decode_header
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from functools import partial
from io import BytesIO
from typing import BinaryIO

from connectors.encoding import decode, normalize_newlines
from connectors.errors import UnreadableFile
from connectors.formats.html import html_to_text
from connectors.inner_names import one_segment, suffix_of
from connectors.reading import Attachment, InputFile, Reading
from connectors.records import Part

_HEADERS = ("Subject", "From", "To", "Cc", "Date")
_TRANSPORT = frozenset(
    (
        "message/delivery-status",
        "message/disposition-notification",
        "text/rfc822-headers",
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
        "application/pgp-signature",
    )
)
"""Parts that mail programs write for each other: receipts and signatures."""
_ENCRYPTED = frozenset(
    ("application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted")
)
_SUFFIXES = {
    "application/pdf": ".pdf",
    "application/zip": ".zip",
    "application/x-zip-compressed": ".zip",
    "application/json": ".json",
    "application/msword": ".doc",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.ms-powerpoint": ".ppt",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "text/plain": ".txt",
    "text/html": ".html",
    "text/csv": ".csv",
    "text/calendar": ".ics",
    "text/markdown": ".md",
    "text/vcard": ".vcf",
}
"""Suffixes for attachments whose name has none."""
_TNEF = ("application/ms-tnef", "application/vnd.ms-tnef")
_RAW_NAME = re.compile(r"(?:file)?name\s*=\s*(?:\"([^\"]*)\"|([^;\s]+))", re.IGNORECASE)
_MAX_NESTING = 50  # parts in parts; mail programs make five


def read(file: InputFile) -> Reading:
    """One Part; the title is the subject. HTML is used only where there is no plain text."""
    message = BytesParser(EmailMessage, policy=policy.default).parsebytes(file.path.read_bytes())
    headers = [f"{name}: {header_text(message, name)}" for name in _HEADERS if message[name]]
    content = _Content()
    _collect(message, content)
    text = "\n".join(headers) + "\n\n" + "\n\n".join(content.texts).strip()
    attachments = tuple(_attachments(content))
    parts = (Part("", text.strip() + "\n"),) if text.strip() else ()
    return Reading(header_text(message, "Subject"), parts, attachments=attachments)


@dataclass
class _Content:
    """What the walk through a message finds."""

    texts: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    """The HTML as it stands, also where the plain text is used: it names the inline images."""
    files: list[MIMEPart] = field(default_factory=list)


def header_text(message: MIMEPart, name: str) -> str:
    """A header on one line. Bytes that no header may hold (raw Shift_JIS) are decoded."""
    value = str(message[name] or "")
    if "\ufffd" in value:
        value = _raw_header(message, name)
    return " ".join(value.split())


def _raw_header(message: MIMEPart, name: str) -> str:
    stored = next((raw for key, raw in message.raw_items() if key.lower() == name.lower()), "")
    return decode(str(stored).encode("utf-8", "surrogateescape")).text


def _collect(part: MIMEPart, content: _Content, depth: int = 0) -> None:
    """Sort the part and all in it into text to read and files."""
    kind = part.get_content_type()
    inner = _subparts(part) if depth < _MAX_NESTING else []
    if kind == "multipart/alternative" and inner:
        _collect_best(inner, content, depth)
    elif kind.startswith("multipart/") and inner:
        for child in inner:
            _collect(child, content, depth + 1)
    elif kind in ("text/plain", "text/html") and not _is_file(part):
        _take_text(part, content)
    else:
        content.files.append(part)


def _collect_best(alternatives: list[MIMEPart], content: _Content, depth: int) -> None:
    """The text of one alternative, the plain one if it says anything; the files of all."""
    found = []
    for alternative in alternatives:
        one = _Content()
        _collect(alternative, one, depth + 1)
        found.append(one)
        content.files += one.files
        content.html += one.html
    texts = [one.texts for one in found if any(text.strip() for text in one.texts)]
    content.texts += texts[0] if texts else []  # the standard puts the plainest first


def _subparts(part: MIMEPart) -> list[MIMEPart]:
    payload = part.get_payload()
    return [p for p in payload if isinstance(p, MIMEPart)] if isinstance(payload, list) else []


def _is_file(part: MIMEPart) -> bool:
    return part.get_content_disposition() == "attachment" or bool(_stated_name(part))


def _take_text(part: MIMEPart, content: _Content) -> None:
    text = _decoded(part)
    if part.get_content_type() == "text/html":
        content.html.append(text)
        text = html_to_text(text)
    if text.strip():
        content.texts.append(text.strip())


def _decoded(body: MIMEPart) -> str:
    """The text in the charset that the part declares; worked out where that is wrong or unknown."""
    data = _bytes(body)
    charset = (body.get_content_charset() or "").lower()
    if data and charset not in ("", "us-ascii", "iso-2022-jp", "shift_jis"):
        try:
            return normalize_newlines(data.decode(charset))
        except (UnicodeDecodeError, LookupError):
            pass
    return decode(data).text if data else ""


def _bytes(part: MIMEPart) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _attachments(content: _Content) -> Iterator[Attachment]:
    html = "\n".join(content.html)
    for part in content.files:
        yield Attachment(_name(part), partial(_open, part, html))


def _open(part: MIMEPart, html: str) -> BinaryIO:
    kind = part.get_content_type()
    if kind in _TNEF:
        what = "It is a package in Outlook's own form (winmail.dat)."
        remedy = "Save the mail's attachments as files in Outlook and import those."
        raise UnreadableFile("unsupported", what, remedy=remedy)
    if kind in _ENCRYPTED and part.get_param("smime-type") != "signed-data":
        remedy = "Save it decrypted in the mail program."
        raise UnreadableFile("encrypted", "It is encrypted.", remedy=remedy)
    if kind in _TRANSPORT:
        raise UnreadableFile("ignored", "Mail programs write it for each other.")
    if _is_inline_image(part, html):
        raise UnreadableFile("ignored", "It is a picture within the mail's text.")
    if kind == "message/rfc822":
        inner = _subparts(part)
        return BytesIO(inner[0].as_bytes() if inner else _bytes(part))
    return BytesIO(_bytes(part))


def _is_inline_image(part: MIMEPart, html: str) -> bool:
    """Logos of signatures and the like: the HTML shows them, or they have no name of their own."""
    if part.get_content_maintype() != "image":
        return False
    cid = str(part["Content-ID"] or "").strip().strip("<>")
    is_shown = bool(cid) and f"cid:{cid}" in html
    is_inline = part.get_content_disposition() == "inline" and bool(cid)
    return is_shown or is_inline or not _stated_name(part)


def _name(part: MIMEPart) -> str:
    """The attachment's name with a suffix that tells its format."""
    kind = part.get_content_type()
    name = _stated_name(part)
    if kind == "message/rfc822":
        inner = _subparts(part)
        subject = header_text(inner[0], "Subject") if inner else ""
        stem = name.removesuffix(".eml") or subject or "message"
        return f"{one_segment(stem)}.eml"
    if kind in _TNEF:
        return name or "winmail.dat"
    name = one_segment(name) if name else "unnamed"
    return name if suffix_of(name) else name + _SUFFIXES.get(kind, "")


def _stated_name(part: MIMEPart) -> str:
    """By RFC 2231, by RFC 2047 (in quotes, too, as many programs write), or in raw bytes."""
    name = part.get_filename() or ""
    if "\ufffd" in name or any("\ud800" <= char <= "\udfff" for char in name):
        for header in ("Content-Disposition", "Content-Type"):
            if found := _RAW_NAME.search(_raw_header(part, header)):
                return found[1] or found[2]
    return _encoded_words(name) if "=?" in name else name


def _encoded_words(name: str) -> str:
    try:
        pieces = decode_header(name)
    except ValueError:
        return name
    return "".join(
        piece if isinstance(piece, str) else _word(piece, charset) for piece, charset in pieces
    )


def _word(piece: bytes, charset: str | None) -> str:
    try:
        if charset and charset.lower() not in ("iso-2022-jp", "shift_jis"):
            return piece.decode(charset)
        return decode(piece).text
    except (UnicodeDecodeError, LookupError, UnreadableFile):
        return piece.decode("utf-8", "replace")

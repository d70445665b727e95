"""Outlook messages: like e-mail files; messages inside them become e-mail files."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage
from email.parser import HeaderParser
from functools import partial
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from connectors.errors import UnreadableFile
from connectors.formats import rtf
from connectors.formats.html import decode_markup, html_to_text
from connectors.formats.lzfu import decompress
from connectors.formats.mapi import Properties
from connectors.inner_names import one_segment
from connectors.reading import Attachment, InputFile, Reading
from connectors.records import Part

_SUBJECT, _TRANSPORT_HEADERS, _SUBMITTED, _DELIVERED = 0x0037, 0x007D, 0x0039, 0x0E06
_FROM_NAME, _FROM_ADDRESS, _FROM_SMTP = 0x0C1A, 0x0C1F, 0x5D01
_TO, _CC = 0x0E04, 0x0E03
_BODY, _HTML, _RTF = 0x1000, 0x1013, 0x1009
_METHOD, _DATA, _LONG_NAME, _SHORT_NAME, _LABEL = 0x3705, 0x3701, 0x3707, 0x3704, 0x3001
_CONTENT_ID, _HIDDEN, _MIME = 0x3712, 0x7FFE, 0x370E
_EMBEDDED_MESSAGE, _BY_REFERENCE = 5, (2, 3, 4, 7)
_MAX_NESTING = 5


def read(file: InputFile) -> Reading:
    """One Part; the title is the subject. Raises `UnreadableFile` (`broken`)."""
    from olefile import OleFileIO

    try:
        with OleFileIO(file.path) as ole:
            message = Properties(ole)
            if not ole.exists("__properties_version1.0"):
                raise _broken()
            subject = " ".join(message.text(_SUBJECT).split())
            text = _text(message)
    except OSError as exc:  # olefile's own errors are its kin
        if exc.strerror:
            raise
        raise _broken() from exc
    parts = (Part("", text),) if text.strip() else ()
    return Reading(subject, parts, attachments=_attachments(file.path))


def _broken() -> UnreadableFile:
    remedy = "Save it again in Outlook."
    return UnreadableFile("broken", "It is damaged or no Outlook message.", remedy=remedy)


def _text(message: Properties) -> str:
    headers = [f"{name}: {' '.join(value.split())}" for name, value in _headers(message) if value]
    return "\n".join(headers) + "\n\n" + _body(message).strip() + "\n"


def _headers(message: Properties) -> list[tuple[str, str]]:
    address = message.text(_FROM_SMTP) or message.text(_FROM_ADDRESS)
    sender = message.text(_FROM_NAME)
    if "@" in address and address != sender:
        sender = f"{sender} <{address}>".strip()
    return [
        ("Subject", message.text(_SUBJECT)),
        ("From", sender),
        ("To", message.text(_TO)),
        ("Cc", message.text(_CC)),
        ("Date", _date(message)),
    ]


def _date(message: Properties) -> str:
    """As the mail's own header writes it; in UTC where it was never sent over the internet."""
    headers = HeaderParser().parsestr(message.text(_TRANSPORT_HEADERS))
    if stated := headers["Date"]:
        return str(stated)
    moment = message.time(_SUBMITTED) or message.time(_DELIVERED)
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment and moment.year > 1970 else ""


def _body(message: Properties) -> str:
    """The plain text; where there is none, what the HTML or RTF says."""
    if (plain := message.text(_BODY)).strip():
        return plain
    html = message.binary(_HTML)
    if html or message.text(_HTML):
        return html_to_text(decode_markup(html) if html else message.text(_HTML))
    return _rtf_text(message.binary(_RTF))


def _rtf_text(packed: bytes) -> str:
    if not packed:
        return ""
    with TemporaryDirectory(prefix="monoshiri-") as folder:
        path = Path(folder) / "body.rtf"
        path.write_bytes(decompress(packed))
        return "\n\n".join(part.text for part in rtf.read(InputFile(path)).parts)


def _attachments(path: Path) -> Iterator[Attachment]:
    from olefile import OleFileIO

    with OleFileIO(path) as ole:
        message = Properties(ole)
        html = message.decoded(message.binary(_HTML)) or message.text(_HTML)
        for attachment in message.children("__attach_version1.0_#"):
            yield Attachment(_name(attachment), partial(_open, attachment, html))


def _name(attachment: Properties) -> str:
    name = attachment.text(_LONG_NAME) or attachment.text(_SHORT_NAME) or attachment.text(_LABEL)
    if attachment.number(_METHOD) == _EMBEDDED_MESSAGE:
        stem = name.removesuffix(".msg").removesuffix(".eml")
        return f"{one_segment(stem or 'message')}.eml"
    return one_segment(name or "unnamed")


def _open(attachment: Properties, html: str) -> BinaryIO:
    if attachment.number(_METHOD) == _EMBEDDED_MESSAGE:
        inner = attachment.embedded(_DATA)
        if inner is None:
            raise _broken()
        return BytesIO(_as_mail(inner).as_bytes())
    if attachment.number(_METHOD) in _BY_REFERENCE:
        remedy = "Import the file itself."
        raise UnreadableFile("no-text", "It is only a link to a file.", remedy=remedy)
    cid = attachment.text(_CONTENT_ID).strip("<>")
    if attachment.number(_HIDDEN) or (cid and f"cid:{cid}" in html):
        raise UnreadableFile("ignored", "It is a picture within the mail's text.")
    return BytesIO(attachment.binary(_DATA))


def _as_mail(message: Properties, depth: int = 1) -> EmailMessage:
    """A message inside another, as the e-mail file that it would be on its own."""
    mail = EmailMessage()
    for name, value in _headers(message):
        if value:
            mail[name] = " ".join(value.split())
    mail.set_content(_body(message))
    for attachment in message.children("__attach_version1.0_#"):
        inner = attachment.embedded(_DATA)
        if inner is not None and depth < _MAX_NESTING:
            mail.add_attachment(_as_mail(inner, depth + 1), filename=_name(attachment))
            continue
        kind = attachment.text(_MIME)
        maintype, _, subtype = (kind if "/" in kind else "application/octet-stream").partition("/")
        data = attachment.binary(_DATA)
        cid = attachment.text(_CONTENT_ID)
        mail.add_attachment(
            data, maintype, subtype, filename=_name(attachment), cid=f"<{cid}>" if cid else None
        )
    return mail

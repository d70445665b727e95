"""Web archives (.mht, .mhtml), as browsers, Word and Excel save a page with its pictures."""

from __future__ import annotations

from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from connectors.errors import UnreadableFile
from connectors.formats.html import read_page
from connectors.reading import InputFile, Reading
from connectors.records import Part


def read(file: InputFile) -> Reading:
    """The archived page; where that is only a frame (an Excel workbook), the pages inside it, one
    Part each. Further frames are left out with a note."""
    data = file.path.read_bytes().lstrip()
    message = BytesParser(EmailMessage, policy=policy.default).parsebytes(data)
    pages = [part for part in message.walk() if part.get_content_type() == "text/html"]
    if not pages:
        raise UnreadableFile(
            "broken", "It is damaged or no web archive.", remedy="Save the page again as HTML."
        )
    _put_start_first(message, pages)
    first, *others = [(_name(part), *read_page(_content(part))) for part in pages]
    _, title, text = first
    title = title or " ".join(str(message["Subject"] or "").split())
    if text.strip():
        frames = sum(bool(inner.strip()) for _, _, inner in others)
        notes = (f"frames left out: {frames}",) if frames else ()
        return Reading(title, (Part("", text),), notes=notes)
    parts = [Part(name or inner_title, inner) for name, inner_title, inner in others]
    return Reading(title, tuple(part for part in parts if part.text.strip()))


def _put_start_first(message: EmailMessage, pages: list[EmailMessage]) -> None:
    """The page that the archive names as its start; else the one it was saved from."""
    start = str(message.get_param("start") or "")
    address = str(message["Snapshot-Content-Location"] or message["Content-Location"] or "")
    for page in pages:
        if (start and page["Content-ID"] == start) or (
            address and page["Content-Location"] == address
        ):
            pages.remove(page)
            pages.insert(0, page)
            return


def _content(part: EmailMessage) -> bytes:
    """The page's bytes; a charset in the part's header is certain, one in the page may be old."""
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    charset = (part.get_content_charset() or "").lower()
    if charset and charset not in ("us-ascii", "shift_jis"):
        try:
            return b"\xef\xbb\xbf" + data.decode(charset).encode()
        except (UnicodeDecodeError, LookupError):
            pass
    return data


def _name(part: EmailMessage) -> str:
    path = urlsplit(str(part["Content-Location"] or "")).path
    return unquote(PurePosixPath(path.replace("\\", "/")).stem)

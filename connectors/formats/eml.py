"""E-mail: the headers that say who and when, then the body; attachments are only named."""

from __future__ import annotations

from email import policy
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser

from connectors.encoding import decode, normalize_newlines
from connectors.formats.html import html_to_text
from connectors.reading import InputFile, Reading
from connectors.records import Part

_HEADERS = ("Subject", "From", "To", "Cc", "Date")


def read(file: InputFile) -> Reading:
    """One Part; the title is the subject. HTML is used only where there is no plain text."""
    message = BytesParser(EmailMessage, policy=policy.default).parsebytes(file.path.read_bytes())
    headers = [f"{name}: {_header(message, name)}" for name in _HEADERS if message[name]]
    text = "\n".join(headers) + "\n\n" + _body(message).strip()
    names = [part.get_filename() or "unnamed" for part in message.iter_attachments()]
    notes = tuple(f"attachment not imported: {name}" for name in names)
    return Reading(_header(message, "Subject"), (Part("", text.strip() + "\n"),), notes=notes)


def _header(message: EmailMessage, name: str) -> str:
    """A header on one line. Bytes that no header may hold (raw Shift_JIS) are decoded."""
    value = str(message[name] or "")
    if "\ufffd" in value:
        stored = next(raw for key, raw in message.raw_items() if key.lower() == name.lower())
        value = decode(str(stored).encode("utf-8", "surrogateescape")).text
    return " ".join(value.split())


def _body(message: EmailMessage) -> str:
    body = message.get_body(("plain", "html"))
    if body is None:
        return ""
    text = _decoded(body)
    return html_to_text(text) if body.get_content_type() == "text/html" else text


def _decoded(body: MIMEPart) -> str:
    """The text in the charset that the part declares; worked out where that is wrong or unknown."""
    payload = body.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    charset = (body.get_content_charset() or "").lower()
    if data and charset not in ("", "us-ascii", "iso-2022-jp", "shift_jis"):
        try:
            return normalize_newlines(data.decode(charset))
        except (UnicodeDecodeError, LookupError):
            pass
    return decode(data).text if data else ""

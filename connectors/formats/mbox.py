"""Mailbox files (Thunderbird, Apple Mail, Google Takeout): every message a file of its own.

The box is gone through line by line, one message in memory at a time: boxes have gigabytes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from functools import partial
from io import BytesIO
from typing import BinaryIO

from connectors.errors import UnreadableFile
from connectors.formats.eml import header_text
from connectors.inner_names import one_segment
from connectors.reading import Attachment, InputFile, Reading

_SEPARATOR = re.compile(rb"From (?:.*\d{1,2}:\d\d.*\d{4}|\S*\s*$)")
_HEADER = re.compile(rb"[!-9;-~]+:")
_ESCAPED = re.compile(rb"^>(>*From )", re.MULTILINE)
_MAX_SUBJECT = 60  # characters of it in the name
_LINE = 1 << 20  # bytes: longer lines are taken in pieces


def read(file: InputFile) -> Reading:
    """No Part; the messages in the box's order. Raises `UnreadableFile` (`broken`)."""
    with file.path.open("rb") as box:
        if not _is_separator(box.readline(_LINE), box):
            raise UnreadableFile(
                "broken", "It is no mailbox file.", remedy="Export the mailbox as mbox again."
            )
    return Reading("", (), attachments=_attachments(file))


def _attachments(file: InputFile) -> Iterator[Attachment]:
    with file.path.open("rb") as box:
        for number, message in enumerate(_messages(box, file.settings.max_bytes), 1):
            if message is None:
                yield Attachment(f"message {number}.eml", _too_large)
            else:
                yield Attachment(_name(message), partial(_open, message))


def _messages(box: BinaryIO, limit: int) -> Iterator[bytes | None]:
    """The bytes of each message; None in the place of one that has more than the limit."""
    lines: list[bytes] = []
    size = 0
    is_after_blank = True
    box.readline(_LINE)
    for line in iter(lambda: box.readline(_LINE), b""):
        if is_after_blank and _is_separator(line, box):
            yield b"".join(lines) if size <= limit else None
            lines, size = [], 0
        else:
            size += len(line)
            if size > limit:
                lines.clear()
            else:
                lines.append(line)
        is_after_blank = not line.strip()
    yield b"".join(lines) if size <= limit else None


def _is_separator(line: bytes, box: BinaryIO) -> bool:
    """`From somebody Thu Jan  1 00:00:00 2026` before a header; a sentence that begins with From
    is none."""
    if not line.startswith(b"From ") or not _SEPARATOR.match(line):
        return False
    place = box.tell()
    following = box.readline(_LINE)
    box.seek(place)
    return bool(_HEADER.match(following))


def _name(message: bytes) -> str:
    """The subject, and 8 hex digits of the Message-ID: the same when other messages come and go."""
    parser = BytesHeaderParser(EmailMessage, policy=policy.default)
    head = re.split(rb"\r?\n\r?\n", message[:_LINE], maxsplit=1)[0]
    headers = parser.parsebytes(head + b"\n\n")
    key = str(headers["Message-ID"] or "").strip().encode("utf-8", "replace") or message
    digest = hashlib.sha256(key).hexdigest()[:8]
    subject = one_segment(header_text(headers, "Subject") or "message")[:_MAX_SUBJECT]
    return f"{subject.strip()} {digest}.eml"


def _open(message: bytes) -> BinaryIO:
    return BytesIO(_ESCAPED.sub(rb"\1", message))


def _too_large() -> BinaryIO:
    raise UnreadableFile(
        "too-large", "The message is larger than a file may be.", remedy="Raise the limit."
    )

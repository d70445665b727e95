"""Values of a database as text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from connectors.encoding import decode
from connectors.errors import UnreadableFile


def value_text(value: Any) -> str:
    """As a person would write it; empty for NULL and for bytes that are no text."""
    if value is None:
        text = ""
    elif isinstance(value, bool):
        text = "true" if value else "false"
    elif isinstance(value, Decimal):
        text = format(value, "f")
    elif isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        text = str(int(value))
    elif isinstance(value, dict | list):
        text = json.dumps(value, ensure_ascii=False, default=str)
    elif isinstance(value, bytes | bytearray | memoryview):
        text = bytes_text(bytes(value))
    else:
        text = str(value).replace("\0", "")
    return text.strip()


def key_text(key: Sequence[Any]) -> str:
    """A row's key on one line, for names and hashes."""
    return " ".join(value.hex() if isinstance(value, bytes) else value_text(value) for value in key)


def content(values: Sequence[Any]) -> bytes:
    """What a row holds, for telling whether it changed."""
    return "\x1e".join(f"{type(v).__name__}\x1f{value_text(v)}" for v in values).encode(
        "utf-8", "surrogatepass"
    )


def bytes_text(raw: bytes) -> str:
    """Text that the database doesn't know the encoding of; empty where it is none."""
    try:
        return raw.decode("utf-8") if b"\0" not in raw else ""
    except UnicodeDecodeError:
        pass
    try:
        return decode(raw).text
    except UnreadableFile:
        return ""

"""Outlook messages for the tests: MAPI properties in an OLE file, written as the formats say."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

Tree = dict[str, Any]
"""Name → bytes (a stream) or another tree (a storage)."""
_END, _FREE, _FAT_SECTOR = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_SECTOR, _MINI_SECTOR, _CUTOFF = 512, 64, 4096

SUBJECT, BODY, HTML, RTF = 0x0037, 0x1000, 0x1013, 0x1009
FROM_NAME, FROM_SMTP, TO, SUBMITTED, HEADERS = 0x0C1A, 0x5D01, 0x0E04, 0x0039, 0x007D
DATA, METHOD, LONG_NAME, CONTENT_ID, CODEPAGE = 0x3701, 0x3705, 0x3707, 0x3712, 0x3FFD


def message(properties: dict[int, Any], *attachments: Tree, codepage: int = 0) -> Tree:
    """A message's storage. Strings are Unicode; with a code page they are 8-bit."""
    fixed = {CODEPAGE: codepage} if codepage else {}
    tree = _properties(properties | fixed, 32, codepage)
    tree |= {f"__attach_version1.0_#{i:08X}": a for i, a in enumerate(attachments)}
    return tree


def attachment(name: str, data: bytes, **more: str) -> Tree:
    """A file that is attached by value."""
    extra = {CONTENT_ID: more["cid"]} if "cid" in more else {}
    return _properties({LONG_NAME: name, DATA: data, METHOD: 1, **extra}, 8, 0)


def attached_message(name: str, inner: Tree) -> Tree:
    """A message that is attached to another."""
    tree = _properties({LONG_NAME: name, METHOD: 5}, 8, 0)
    stream = inner["__properties_version1.0"]
    return tree | {"__substg1.0_3701000D": inner | {"__properties_version1.0": stream[8:]}}


def _properties(values: dict[int, Any], header: int, codepage: int) -> Tree:
    tree: Tree = {}
    fixed = bytearray(header)
    for tag, value in values.items():
        if isinstance(value, int):
            kind = 0x40 if value >= 1 << 32 else 0x03
            fixed += struct.pack("<HHIQ", kind, tag, 6, value)
            continue
        if isinstance(value, bytes):
            kind, data = 0x102, value
        elif codepage:
            kind, data = 0x1E, value.encode(f"cp{codepage}")
        else:
            kind, data = 0x1F, value.encode("utf-16-le")
        tree[f"__substg1.0_{tag:04X}{kind:04X}"] = data
        fixed += struct.pack("<HHIQ", kind, tag, 6, len(data))
    return tree | {"__properties_version1.0": bytes(fixed)}


def ole_file(tree: Tree) -> bytes:
    """The file: a header, sectors that form chains, and the directory of what they are."""
    sectors: list[bytes] = []
    fat: list[int] = []

    def chain(data: bytes) -> int:
        count = -(-len(data) // _SECTOR)
        start = len(sectors)
        padded = data.ljust(count * _SECTOR, b"\0")
        sectors.extend(padded[i : i + _SECTOR] for i in range(0, len(padded), _SECTOR))
        fat.extend([*range(start + 1, start + count), _END] if count else [])
        return start if count else _END

    entries: list[list[Any]] = []  # name, type, right sibling, child, start, size
    mini = bytearray()
    mini_fat: list[int] = []

    def add(name: str, node: bytes | Tree, kind: int) -> int:
        number = len(entries)
        entry: list[Any] = [name, kind, _FREE, _FREE, 0, 0]
        entries.append(entry)
        if isinstance(node, dict):
            entry[3] = siblings(node)
        elif len(node) >= _CUTOFF:
            entry[4:] = chain(node), len(node)
        else:
            count = -(-len(node) // _MINI_SECTOR)
            start = len(mini_fat)
            mini.extend(node.ljust(count * _MINI_SECTOR, b"\0"))
            mini_fat.extend([*range(start + 1, start + count), _END] if count else [])
            entry[4:] = start if count else _END, len(node)
        return number

    def siblings(tree: Tree) -> int:
        numbers = [add(n, v, 1 if isinstance(v, dict) else 2) for n, v in tree.items()]
        for number, following in pairwise(numbers):
            entries[number][2] = following
        return numbers[0] if numbers else _FREE

    add("Root Entry", tree, 5)
    entries[0][4:] = chain(bytes(mini)), len(mini)
    mini_start = chain(b"".join(struct.pack("<I", n) for n in mini_fat))
    directory = chain(b"".join(_entries(entries)))
    count = 1
    while (len(fat) + count) * 4 > count * _SECTOR:
        count += 1
    places = range(len(fat), len(fat) + count)
    fat += [_FAT_SECTOR] * count
    table = b"".join(struct.pack("<I", n) for n in fat).ljust(count * _SECTOR, b"\xff")
    sectors += [table[i : i + _SECTOR] for i in range(0, len(table), _SECTOR)]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6xIII", 0x3E, 3, 0xFFFE, 9, 6, 0, count, directory)
    header += struct.pack("<IIIII", 0, _CUTOFF, mini_start, -(-len(mini_fat) * 4 // _SECTOR), _END)
    header += struct.pack("<I", 0)
    header += b"".join(struct.pack("<I", n) for n in places).ljust(436, b"\xff")
    return header + b"".join(sectors)


def _entries(entries: list[list[Any]]) -> Iterator[bytes]:
    for name, kind, right, child, start, size in entries:
        raw = name.encode("utf-16-le")
        yield (
            raw.ljust(64, b"\0")
            + struct.pack("<HBBIII", len(raw) + 2, kind, 1, _FREE, right, child)
            + bytes(36)
            + struct.pack("<IQ", start, size)
        )

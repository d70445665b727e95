"""The compression of RTF in Outlook messages ([MS-OXRTFCP])."""

from __future__ import annotations

import struct

from connectors.errors import UnreadableFile

_COMPRESSED, _PLAIN = 0x75465A4C, 0x414C454D
_DICTIONARY = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript "
    rb"\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
"""What every message is assumed to have said before; given by the specification."""
_SIZE = 4096
_HEADER = 16  # bytes
_MAX_RATIO = 18  # a reference of two bytes stands for at most 17


def decompress(data: bytes) -> bytes:
    """The RTF. Raises `UnreadableFile` (`broken`)."""
    if len(data) < _HEADER:
        raise _broken()
    _, raw_size, kind = struct.unpack_from("<III", data)
    body = data[_HEADER:]
    if kind == _PLAIN:
        return body[:raw_size]
    if kind != _COMPRESSED or raw_size > len(body) * _MAX_RATIO:
        raise _broken()
    return _expand(body)[:raw_size]


def _expand(body: bytes) -> bytes:
    window = bytearray(_DICTIONARY.ljust(_SIZE, b"\0"))
    write = len(_DICTIONARY)
    out = bytearray()
    at = 0
    while at < len(body):
        flags, at = body[at], at + 1
        for bit in range(8):
            is_reference = flags >> bit & 1
            if at + is_reference >= len(body):
                return bytes(out)
            if not is_reference:
                piece = body[at : at + 1]
            else:
                offset, length = divmod(int.from_bytes(body[at : at + 2], "big"), 16)
                if offset == write:  # the mark of the end
                    return bytes(out)
                piece = _copied(window, offset, length + 2, write)
            at += 1 + is_reference
            for byte in piece:
                window[write] = byte
                write = (write + 1) % _SIZE
            out += piece
    return bytes(out)


def _copied(window: bytearray, offset: int, length: int, write: int) -> bytes:
    """The bytes from `offset` on; those that this very copy writes may be among them."""
    piece = bytearray()
    gap = (write - offset) % _SIZE
    for i in range(length):
        piece.append(piece[i - gap] if i >= gap else window[(offset + i) % _SIZE])
    return bytes(piece)


def _broken() -> UnreadableFile:
    return UnreadableFile("broken", "Its text is damaged.", remedy="Save it again in Outlook.")

"""The body of a response, unpacked, within a limit."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from connectors.web.failure import FetchFailed

_WINDOW = {"gzip": 47, "x-gzip": 47, "deflate": 15}  # zlib's wbits; 47: gzip or zlib, by its head


def read_body(chunks: Iterable[bytes], encoding: str, max_bytes: int) -> bytes:
    """All of the body. Raises FetchFailed (`too-large`) as soon as it is over the limit, packed or
    unpacked, and `broken` where it can't be unpacked."""
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        return _joined(chunks, max_bytes)
    if encoding not in _WINDOW:
        raise FetchFailed("broken", f"The server packed it as {encoding}, which was not asked for.")
    packed = _joined(chunks, max_bytes)
    return unpacked(packed, max_bytes, _WINDOW[encoding])


def unpacked(packed: bytes, max_bytes: int, window: int = 47) -> bytes:
    """Gzip or zlib data unpacked, no more than the limit of it ever in memory."""
    unpacker = zlib.decompressobj(window)
    try:
        data = unpacker.decompress(packed, max_bytes + 1)
    except zlib.error as exc:
        if window == 15:  # some servers send deflate without its head
            return unpacked(packed, max_bytes, -15)
        raise FetchFailed("broken", "It can't be unpacked.", is_temporary=True) from exc
    if len(data) > max_bytes:
        raise _too_large(max_bytes)
    if not unpacker.eof:
        raise FetchFailed("broken", "It ends too early.", is_temporary=True)
    return data


def _joined(chunks: Iterable[bytes], max_bytes: int) -> bytes:
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > max_bytes:
            raise _too_large(max_bytes)
    return bytes(body)


def _too_large(max_bytes: int) -> FetchFailed:
    limit = f"{max_bytes / 1024**2:.0f} MB"
    return FetchFailed(
        "too-large", f"It has more than {limit}. Raise `sources.max_file_mb`, or leave it out."
    )

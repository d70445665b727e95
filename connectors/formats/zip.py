"""Zip archives: no text of their own, only the files inside.

Nothing is unpacked by the names that the archive states, so paths that lead out of it lead nowhere.
"""

from __future__ import annotations

import stat
import struct
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from io import BufferedReader
from typing import BinaryIO, cast

from connectors.encoding import decode
from connectors.errors import UnreadableFile
from connectors.reading import Attachment, InputFile, Reading

_ENCRYPTED = 0x1
_UTF8 = 0x800
_UNICODE_PATH = 0x7075  # an extra field in which Info-ZIP repeats the name in UTF-8
_MADE_ON_UNIX = 3
_LEGACY = ("cp932", "euc_jp")


def read(file: InputFile) -> Reading:
    """No Part; the members in the archive's order. Raises `UnreadableFile`: `broken`, `empty`."""
    try:
        archive = zipfile.ZipFile(file.path)
    except (zipfile.BadZipFile, ValueError, struct.error, NotImplementedError) as exc:
        raise UnreadableFile(
            "broken",
            "It is damaged, one volume of several, or no zip archive.",
            remedy="Pack it again in one file.",
        ) from exc
    members = [info for info in archive.infolist() if not info.is_dir()]
    if not members:
        archive.close()
        raise UnreadableFile("empty", "There is no file in it.", remedy="Leave it out.")
    return Reading("", (), attachments=_attachments(archive, members))


def _attachments(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> Iterator[Attachment]:
    name_of = _namer(members)
    with archive:
        for info in members:
            yield Attachment(name_of(info), partial(_open, archive, info))


def _open(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> BinaryIO:
    kind = stat.S_IFMT(info.external_attr >> 16) if info.create_system == _MADE_ON_UNIX else 0
    if kind == stat.S_IFLNK:
        message = "It is a link. Pack the file itself."
        raise UnreadableFile("link-outside", message)
    if kind not in (0, stat.S_IFREG):
        raise UnreadableFile("unsupported", "It is a device or pipe. Leave it out.")
    if info.flag_bits & _ENCRYPTED:
        remedy = "Pack it again without one."
        raise UnreadableFile("encrypted", "It is protected by a password.", remedy=remedy)
    try:
        return cast(BufferedReader, archive.open(info))
    except NotImplementedError as exc:
        remedy = "Pack it again as an ordinary zip archive."
        what = "It is packed by a method that is not read."
        raise UnreadableFile("unsupported", what, remedy=remedy) from exc


def _namer(members: list[zipfile.ZipInfo]) -> Callable[[zipfile.ZipInfo], str]:
    """What tells a member's name. Windows in Japan writes names in Shift_JIS without saying so;
    which it is shows in all names together, one alone is too short."""
    raw = [_raw_name(info) for info in members if not _stated_name(info)]
    encoding = _encoding(b"\n".join(name for name in raw if not name.isascii()))
    return lambda info: _stated_name(info) or _raw_name(info).decode(encoding, "replace")


def _stated_name(info: zipfile.ZipInfo) -> str:
    """The name where the archive says that it is Unicode; else empty."""
    if info.flag_bits & _UTF8:
        return info.orig_filename
    extra = info.extra
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        if kind == _UNICODE_PATH and size > 5:
            return extra[9 : 4 + size].decode("utf-8", "replace")
        extra = extra[4 + size :]
    return ""


def _raw_name(info: zipfile.ZipInfo) -> bytes:
    return info.orig_filename.encode("cp437", "replace")  # what zipfile decoded it with


def _encoding(names: bytes) -> str:
    try:
        names.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError:
        pass
    try:
        found = decode(names).encoding
    except UnreadableFile:
        found = ""
    return found if found in _LEGACY else "cp437"

"""The properties of an Outlook message file, its recipients' and attachments' included."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from connectors.encoding import decode, normalize_newlines
from connectors.errors import UnreadableFile

if TYPE_CHECKING:
    from olefile import OleFileIO

_STRING, _STRING8, _BINARY, _OBJECT = 0x1F, 0x1E, 0x102, 0x0D
_MESSAGE_CODEPAGE, _INTERNET_CODEPAGE = 0x3FFD, 0x3FDE
_CODEPAGES = {65001: "utf-8", 932: "cp932", 50220: "iso2022_jp", 51932: "euc_jp", 20932: "euc_jp"}
_ENTRY = 16  # bytes of one fixed property


@dataclass(frozen=True, slots=True)
class Properties:
    """What one storage of the file says; `path` is () for the message itself."""

    ole: OleFileIO
    path: tuple[str, ...] = ()
    header: int = 32
    """Bytes before the fixed properties: 32 for the message, 24 for one inside it, 8 for others."""
    codepage: int = 0
    """Of 8-bit strings, where the storage doesn't say it itself."""

    def text(self, tag: int) -> str:
        """A string property; empty where there is none."""
        if (data := self._stream(tag, _STRING)) is not None:
            return normalize_newlines(data.decode("utf-16-le", "replace")).strip("\0")
        data = self._stream(tag, _STRING8)
        return self.decoded(data).strip("\0") if data else ""

    def binary(self, tag: int) -> bytes:
        """A binary property; empty where there is none."""
        return self._stream(tag, _BINARY) or b""

    def number(self, tag: int) -> int:
        """An integer or a yes and no; 0 where there is none."""
        return int.from_bytes(self._fixed(tag)[:4], "little")

    def time(self, tag: int) -> datetime | None:
        """A moment, in UTC."""
        ticks = int.from_bytes(self._fixed(tag), "little")  # 100 ns since 1601
        try:
            return datetime(1601, 1, 1, tzinfo=UTC) + timedelta(microseconds=ticks // 10)
        except OverflowError:
            return None

    def decoded(self, data: bytes) -> str:
        """8-bit text in the code page that the message states; worked out where that is wrong."""
        number = self.number(_MESSAGE_CODEPAGE) or self.codepage or self.number(_INTERNET_CODEPAGE)
        try:
            return normalize_newlines(data.decode(_CODEPAGES.get(number, f"cp{number}")))
        except (UnicodeDecodeError, LookupError):
            pass
        try:
            return decode(data).text
        except UnreadableFile:
            return data.decode("cp1252", "replace")

    def embedded(self, tag: int) -> Properties | None:
        """A message that is the value of a property."""
        path = (*self.path, _name(tag, _OBJECT))
        if not self.ole.exists([*path, "__properties_version1.0"]):
            return None
        return Properties(self.ole, path, 24, self._own_codepage())

    def children(self, prefix: str) -> list[Properties]:
        """The storages of recipients (`__recip`) or attachments (`__attach`), in their order."""
        depth = len(self.path)
        names = {
            tuple(entry[: depth + 1])
            for entry in self.ole.listdir(streams=True, storages=False)
            if tuple(entry[:depth]) == self.path
            and len(entry) > depth + 1
            and entry[depth].startswith(prefix)
        }
        codepage = self._own_codepage()
        return [Properties(self.ole, path, 8, codepage) for path in sorted(names)]

    def _own_codepage(self) -> int:
        return self.number(_MESSAGE_CODEPAGE) or self.codepage or self.number(_INTERNET_CODEPAGE)

    def _stream(self, tag: int, kind: int) -> bytes | None:
        path = [*self.path, _name(tag, kind)]
        if not self.ole.exists(path) or self.ole.get_type(path) != _STREAM:
            return None
        data: bytes = self.ole.openstream(path).read()
        return data

    def _fixed(self, tag: int) -> bytes:
        """The 8 bytes of a property of fixed size; empty where there is none."""
        path = [*self.path, "__properties_version1.0"]
        if not self.ole.exists(path):
            return b""
        data: bytes = self.ole.openstream(path).read()
        for at in range(self.header, len(data) - _ENTRY + 1, _ENTRY):
            if int.from_bytes(data[at + 2 : at + 4], "little") == tag:
                return data[at + 8 : at + _ENTRY]
        return b""


_STREAM = 2  # olefile's word for a stream among an OLE file's entries


def _name(tag: int, kind: int) -> str:
    return f"__substg1.0_{tag:04X}{kind:04X}"

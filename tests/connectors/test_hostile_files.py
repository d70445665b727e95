"""Files made to harm: bombs, entities that name other files, names that lie, children that stay."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import psutil
import pytest
from docx import Document as WordDocument
from pptx import Presentation

from connectors import attachments
from connectors.folder import FolderSource
from connectors.item import FileItem
from connectors.records import Document, Rejection
from connectors.worker import read_items

ReadAll = Callable[[Path], dict[str, Document | Rejection]]
CANARY = "CANARY-7f3a"
BOMB = (
    "<!DOCTYPE r [<!ENTITY a '"
    + "x" * 1000
    + "'>"
    + "".join(f"<!ENTITY {chr(98 + i)} '" + f"&{chr(97 + i)};" * 10 + "'>" for i in range(9))
)  # a thousand bytes times ten to the ninth


def _text(outcome: Document | Rejection) -> str:
    if isinstance(outcome, Rejection):
        return outcome.message
    products = [value for product in outcome.products for _, value in product.cells]
    return "\n".join([*(part.text for part in outcome.parts), *products, *outcome.notes])


def _package(main_part: str) -> bytes:
    """An Office file whose main part is made by its library."""
    buffer = io.BytesIO()
    if main_part.startswith("word"):
        word = WordDocument()
        word.add_paragraph("MARK")
        word.save(buffer)
    elif main_part.startswith("xl"):
        book = openpyxl.Workbook()
        book.active["A1"] = 1
        book.save(buffer)
    else:
        deck = Presentation()
        deck.slides.add_slide(deck.slide_layouts[5]).shapes.title.text = "MARK"
        deck.save(buffer)
    return buffer.getvalue()


def _with_entity(data: bytes, main_part: str, doctype: str, entity: str) -> bytes:
    """The package with an entity in the place of MARK (or of the first value)."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w") as new:
        for info in old.infolist():
            content = old.read(info)
            if info.filename == main_part:
                body = content.decode().split("?>", 1)[-1].replace("MARK", f"&{entity};")
                body = body.replace("<v>1</v>", f"<v>&{entity};</v>")
                assert f"&{entity};" in body
                content = f'<?xml version="1.0"?>{doctype}{body}'.encode()
            new.writestr(info.filename, content)
    return target.getvalue()


PACKAGES = {
    ".docx": "word/document.xml",
    ".xlsx": "xl/worksheets/sheet1.xml",
    ".pptx": "ppt/slides/slide1.xml",
}


def _xml_files(tmp_path: Path, doctype: str, entity: str) -> Iterator[Path]:
    """One file of each XML format, with the entity in its text."""
    for suffix, part in PACKAGES.items():
        path = tmp_path / f"a{suffix}"
        path.write_bytes(_with_entity(_package(part), part, doctype, entity))
        yield path
    markup = {
        ".xml": f'<?xml version="1.0"?>{doctype}<r><p>&{entity};</p></r>',
        ".html": f"{doctype}<html><body><p>&{entity};</p><svg><text>&{entity};</text></svg></body>",
    }
    for suffix, text in markup.items():
        path = tmp_path / f"a{suffix}"
        path.write_text(text, encoding="utf-8")
        yield path


def test_no_format_reads_another_file_through_an_entity(tmp_path: Path, read_all: ReadAll) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(CANARY, encoding="utf-8")
    doctype = f'<!DOCTYPE r [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'
    for path in _xml_files(tmp_path, doctype, "e"):
        for outcome in read_all(path).values():
            assert CANARY not in _text(outcome), path.suffix


def test_no_format_multiplies_entities(tmp_path: Path) -> None:
    paths = list(_xml_files(tmp_path, BOMB + "]>", "j"))
    items = [FileItem(p.name, p, p.stat().st_size, 0) for p in paths]
    for path, outcomes in zip(
        paths, read_items(items, seconds_per_file=30, memory_mb=1500), strict=True
    ):
        (outcome,) = outcomes
        assert len(_text(outcome)) < 100_000, path.suffix
        if isinstance(outcome, Rejection):
            assert outcome.reason not in ("timeout", "too-large"), path.suffix


@pytest.mark.parametrize("suffix", PACKAGES)
def test_an_office_file_that_unpacks_to_gigabytes_is_refused(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{suffix}"
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    mebibyte = bytes(1 << 20)
    zeros = b"".join(packer.compress(mebibyte) for _ in range(300)) + packer.flush()
    data = _package(PACKAGES[suffix])
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(path, "w") as new:
        for info in old.infolist():
            new.writestr(info.filename, old.read(info))
        for i in range(8):
            _add_packed(new, f"bomb/{i}.xml", zeros, 300 << 20)
    item = FileItem(path.name, path, path.stat().st_size, 0)
    (outcomes,) = read_items([item], seconds_per_file=30, memory_mb=1500)
    assert [o.reason for o in outcomes if isinstance(o, Rejection)] == ["too-large"]


def _add_packed(archive: zipfile.ZipFile, name: str, packed: bytes, size: int) -> None:
    """A member that is packed already."""
    info = zipfile.ZipInfo(name)
    archive.writestr(info, packed)
    info.compress_type, info.file_size = zipfile.ZIP_DEFLATED, size


@pytest.fixture
def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments, "MAX_UNPACKED", 200_000)
    monkeypatch.setattr(attachments, "_SMALL", 50_000)
    monkeypatch.setattr(attachments, "MAX_MEMBERS", 30)


def _zip_of(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.usefixtures("small_limits")
def test_a_bomb_ends_at_the_budget_of_the_whole_item(tmp_path: Path, read_all: ReadAll) -> None:
    inner = _zip_of({f"{i}.txt": b"zero " * 8_000 for i in range(4)})
    path = tmp_path / "bomb.zip"
    path.write_bytes(_zip_of({"first.md": b"Read.\n"} | {f"{i}.zip": inner for i in range(9)}))
    found = read_all(path)
    assert isinstance(found["bomb.zip/first.md"], Document)
    read = sum(len(_text(o)) for o in found.values() if isinstance(o, Document))
    assert read <= 200_000
    last = found["bomb.zip/*"]
    assert isinstance(last, Rejection)
    assert last.reason == "too-large"


@pytest.mark.usefixtures("small_limits")
def test_countless_members_end_at_the_limit(tmp_path: Path, read_all: ReadAll) -> None:
    path = tmp_path / "many.zip"
    path.write_bytes(_zip_of({f"{i}.md": b"x" for i in range(60)}))
    found = read_all(path)
    assert sum(isinstance(o, Document) for o in found.values()) == 30
    assert "many.zip/*" in found


def test_an_archive_in_archives_ends_at_the_depth(tmp_path: Path, read_all: ReadAll) -> None:
    data = b"Deep.\n"
    for level in range(5):
        data = _zip_of({"a.md": b"Text.\n", "b.zip" if level else "b.md": data})
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    found = read_all(path)
    assert [n for n, o in found.items() if isinstance(o, Document)] == [
        "a.zip/a.md",
        "a.zip/b.zip/a.md",
        "a.zip/b.zip/b.zip/a.md",
    ]
    deep = {n: o.reason for n, o in found.items() if isinstance(o, Rejection)}
    assert deep == {
        "a.zip/b.zip/b.zip/b.zip/a.md": "too-deep",
        "a.zip/b.zip/b.zip/b.zip/b.zip": "too-deep",
    }


def test_members_that_share_their_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bomb of one kernel that many directory entries point to."""
    monkeypatch.setattr(attachments, "_SMALL", 300_000)
    kernel = _zip_of({"a.txt": b"0" * 100_000})
    entry_at = kernel.index(b"PK\1\2")
    end_at = kernel.index(b"PK\5\6")
    entry, end = kernel[entry_at:end_at], bytearray(kernel[end_at:])
    count = 500
    end[8:12] = count.to_bytes(2, "little") * 2
    end[12:16] = (len(entry) * count).to_bytes(4, "little")
    path = tmp_path / "overlap.zip"
    path.write_bytes(kernel[:entry_at] + entry * count + bytes(end))
    outcomes = list(FileItem("overlap.zip", path, 1_000, 0).read())
    assert sum(isinstance(o, Document) for o in outcomes) <= 4
    assert isinstance(outcomes[-1], Rejection)


def test_nothing_unpacked_is_left_on_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read_all: ReadAll
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    path = tmp_path / "a.zip"
    path.write_bytes(_zip_of({"a.md": b"Text.\n", "b.pdf": b"broken", "c.zip": b"broken"}))
    assert len(read_all(path)) == 3
    assert list(scratch.iterdir()) == []
    reading = FileItem("a.zip", path, 10, 0).read()
    next(reading)
    reading.close()  # type: ignore[attr-defined]
    assert list(scratch.iterdir()) == []


def test_formulas_are_neither_run_nor_changed(tmp_path: Path, read_all: ReadAll) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["項目", "値"])
    sheet.append(["式", '=WEBSERVICE("http://127.0.0.1:9/")'])
    book.save(tmp_path / "a.xlsx")
    (tmp_path / "a.csv").write_text("項目,値\n式,=cmd|'/C calc'!A0\n", encoding="utf-8")
    (csv,) = read_all(tmp_path / "a.csv").values()
    assert "=cmd|'/C calc'!A0" in _text(csv).replace("\\|", "|")
    (xlsx,) = read_all(tmp_path / "a.xlsx").values()
    assert "127.0.0.1" not in _text(xlsx)  # only what Excel computed last is read


def test_pipes_devices_and_links_are_never_opened(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    os.mkfifo(root / "pipe.md")
    (root / "zero.md").symlink_to("/dev/zero")
    (root / "passwd.md").symlink_to("/etc/passwd")
    (root / "good.md").write_text("Text.\n", encoding="utf-8")
    outcomes = [o for batch in read_items(FolderSource(root).items()) for o in batch]
    assert {o.source: o.reason if isinstance(o, Rejection) else "read" for o in outcomes} == {
        "good.md": "read",
        "passwd.md": "link-outside",
        "pipe.md": "unsupported",
        "zero.md": "link-outside",
    }


HOSTILE = "hostile_readers:"


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX processes")
@pytest.mark.parametrize("end", ["timeout", "crash", "closed", "timeout-apart", "closed-apart"])
def test_what_a_reader_started_ends_with_it(end: str, tmp_path: Path) -> None:
    path = tmp_path / f"{end}.md"
    path.write_text("Text.\n", encoding="utf-8")
    item = FileItem(path.name, path, 6, 0)
    reading = read_items([item, item], seconds_per_file=2, read=HOSTILE + "start_a_child")
    outcomes = next(reading)
    if end.startswith("closed"):
        reading.close()  # type: ignore[attr-defined]
    else:
        list(reading)
        reason = "broken" if end == "crash" else "timeout"
        assert [o.reason for o in outcomes if isinstance(o, Rejection)] == [reason]
    child = int((tmp_path / f"{end}.md.child").read_text())
    assert _is_gone(child)


def _is_gone(number: int) -> bool:
    for _ in range(100):
        try:
            if psutil.Process(number).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.05)
    return False


def test_a_bad_file_in_an_archive_costs_itself_only(tmp_path: Path) -> None:
    members = {"a.md": b"A.\n", "b.md": b"crash\n", "c.md": b"C.\n", "d.md": b"hang\n"}
    inner = _zip_of({"e.md": b"E.\n", "f.md": b"crash\n", "g.md": b"G.\n"})
    path = tmp_path / "a.zip"
    path.write_bytes(_zip_of(members | {"inner.zip": inner, "h.md": b"H.\n"}))
    item = FileItem("a.zip", path, path.stat().st_size, 0)
    (outcomes,) = read_items([item], seconds_per_file=3, read=HOSTILE + "read_inner_or_fail")
    assert [(o.source, getattr(o, "reason", "read")) for o in outcomes] == [
        ("a.zip/a.md", "read"),
        ("a.zip/b.md", "broken"),
        ("a.zip/c.md", "read"),
        ("a.zip/d.md", "timeout"),
        ("a.zip/inner.zip/e.md", "read"),
        ("a.zip/inner.zip/f.md", "broken"),
        ("a.zip/inner.zip/g.md", "read"),
        ("a.zip/h.md", "read"),
    ]


def test_what_was_read_before_a_crash_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("Text.\n", encoding="utf-8")
    (outcomes,) = read_items([FileItem("a.md", path, 6, 0)], read=HOSTILE + "read_then_crash")
    document, rejection = outcomes
    assert isinstance(document, Document)
    assert isinstance(rejection, Rejection)
    assert "1 of its documents" in rejection.message


def test_workers_see_no_secrets_but_those_an_item_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONOSHIRI_TEACHER_KEY", CANARY)
    monkeypatch.setenv("DATABASE_PASSWORD", "named")
    path = tmp_path / "a.md"
    path.write_text("Text.\n", encoding="utf-8")
    plain = FileItem("a.md", path, 6, 0)
    texts = []
    for item in (plain, _needy(plain), plain):
        (outcomes,) = read_items([item], workers=1, read=HOSTILE + "show_environment")
        texts.append(_text(outcomes[0]))
    assert not any(CANARY in text for text in texts)
    assert ["DATABASE_PASSWORD=named" in text for text in texts] == [False, True, False]
    assert all("PATH=" in text for text in texts)


def _needy(item: FileItem) -> FileItem:
    from hostile_readers import NeedyItem

    return NeedyItem(item.source, item.path, item.size, item.mtime_ns)


def test_temporary_files_go_with_the_worker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    path = tmp_path / "a.md"
    path.write_text("Text.\n", encoding="utf-8")
    (outcomes,) = read_items([FileItem("a.md", path, 6, 0)], read=HOSTILE + "leave_files")
    assert str(scratch) in _text(outcomes[0])
    assert list(scratch.iterdir()) == []


def test_what_a_library_prints_of_a_file_is_shown_nowhere(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(f"{CANARY}\n", encoding="utf-8")
    script = (
        "import sys\nfrom pathlib import Path\nfrom connectors.item import FileItem\n"
        "from connectors.worker import read_items\n"
        f"list(read_items([FileItem('a.md', Path({str(path)!r}), 1, 0)], "
        f"read={HOSTILE + 'print_content'!r}))\n"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    run = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    assert run.stdout + run.stderr == ""

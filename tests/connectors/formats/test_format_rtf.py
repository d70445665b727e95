"""Rich Text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from connectors.records import Document, Rejection

Read = Callable[[Path], Document]
HEAD = (
    r"{\rtf1\ansi\ansicpg932\deff0"
    r"{\fonttbl{\f0\fnil\fcharset128 MS Mincho;}{\f1\fcharset204 Arial;}}"
)


def _hex(text: str, codec: str = "cp932") -> str:
    """Bytes beyond ASCII as WordPad writes them: `\\'82\\'a0`."""
    return "".join(
        chr(b) if 0x20 <= b < 0x7B and b != 0x5C else f"\\'{b:02x}" for b in text.encode(codec)
    )


def _write(path: Path, body: str, head: str = HEAD) -> Path:
    path.write_bytes((head + body + "}").encode("latin-1"))
    return path


def test_japanese_in_bytes_and_in_unicode(tmp_path: Path, read: Read) -> None:
    body = (
        _hex("表示とソフト①㈱")  # 表 and ソ end in the byte of a backslash
        + r"\par \u26085?\u-26412\'93\'fa\u12354\'82\'a0x"  # 日 and a private sign, with stand-ins
        + r"\par {\uc2\u12354\'82\'a0}b\par{\f1 " + _hex("Привет", "cp1251") + r"}\par"
        + r"\u-10179?\u-8704?\par"
    )  # fmt: skip
    text = read(_write(tmp_path / "a.rtf", body)).parts[0].text
    lines = [line for line in text.splitlines() if line]
    assert lines[0] == "表示とソフト①㈱"
    assert lines[1].startswith("日") and lines[1].endswith("x")
    assert lines[2:] == ["あb", "Привет", "😀"]


def test_headings_lists_tables_and_what_is_left_out(tmp_path: Path, read: Read) -> None:
    styles = (
        r"{\stylesheet{\ql Normal;}{\s1 heading 1;}{\s2\outlinelevel1 " + _hex("小見出し") + ";}}"
    )
    body = (
        styles
        + r"{\info{\title " + _hex("規程集") + r"}{\author " + _hex("山田") + "}}"
        + r"{\header " + _hex("社外秘") + r"\par}{\*\generator Writer;}"
        + r"\pard\s1 " + _hex("総則") + r"\par\pard\s2 " + _hex("目的") + r"\par"
        + r"\pard " + _hex("定める") + r"{\footnote \pard " + _hex("注記") + "}"
        + _hex("。") + r"\par"
        + r"\pard{\listtext 1.\tab}\ilvl0 " + _hex("一番") + r"\par{\listtext \'b7\tab}\ilvl1 x\par"
        + r"\pard{\field{\*\fldinst HYPERLINK https://example.com}{\fldrslt " + _hex("案内") + r"}}"
        + r"{\v secret}{\pict\pngblip 89504e470d0a}{\object{\*\objdata 0105}{\result "
        + _hex("図") + r"}}\par"
        + r"\trowd\cellx100\clvmgf\cellx200\pard\intbl " + _hex("型番") + r"\cell " + _hex("価格")
        + r"\cell\row\trowd\cellx100\clvmrg\cellx200\pard\intbl K-1\par K-2\cell\cell\row"
        + r"\pard end\par"
    )  # fmt: skip
    document = read(_write(tmp_path / "a.rtf", body))
    assert document.title == "規程集"
    assert document.parts[0].text == (
        "# 総則\n\n## 目的\n\n定める (注記)。\n\n1. 一番\n  - x\n\n案内図\n\n"
        "| 型番 | 価格 |\n| --- | --- |\n| K-1 K-2 | 価格 |\n\nend\n"
    )


def test_bold_lines_are_headings_only_where_there_are_no_styles(tmp_path: Path, read: Read) -> None:
    body = (
        r"{\b "
        + _hex("設置")
        + r"}\par "
        + _hex("置く。")
        + r"\par{\b "
        + _hex("注意する。")
        + r"}\par"
    )
    document = read(_write(tmp_path / "a.rtf", body))
    assert document.parts[0].text == "## 設置\n\n置く。\n\n注意する。\n"


def test_binary_data_is_passed_over(tmp_path: Path, read: Read) -> None:
    body = r"a{\pict\bin5 }}}}}}b\par"
    assert read(_write(tmp_path / "a.rtf", body)).parts[0].text == "ab\n"


@pytest.mark.parametrize("suffix", [".rtf", ".doc"])
def test_truncated_empty_and_no_rtf(
    suffix: str, tmp_path: Path, reject: Callable[[Path], Rejection]
) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(HEAD.encode()[:60])
    assert reject(path).reason == "broken"
    assert reject(_write(path, r"\par\par")).reason == "no-text"
    path.write_bytes(b"{\\rtf1" + b"{" * 50_000)
    assert reject(path).reason == "broken"


def test_a_lost_last_brace_is_noted(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "a.rtf"
    path.write_bytes((HEAD + _hex("本文") + r"\par").encode("latin-1"))
    document = read(path)
    assert document.parts[0].text == "本文\n"
    assert document.notes == ("the file may lack its end",)

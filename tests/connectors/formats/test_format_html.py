"""HTML pages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from connectors.formats.html import html_to_text
from connectors.records import Document

PAGE = """<!doctype html><html><head><meta charset="Shift_JIS"><title>保証 | 会社</title>
<style>p{}</style></head><body>
<header><a href=/>ロゴ</a></header><nav><ul><li>メニュー</ul></nav>
<main><h1>保証と<em>返品</em></h1><p>保証期間は<b>1年</b>です。<br>㈱も可。<p hidden>隠し</p>
<div style="display: none">見えない</div>
<ul><li>一つ目<ol start=3><li>内側</li></ol></li><li>二つ目</li></ul>
<table><caption>料金</caption><tr><th>地域<th>送料</tr>
<tr><td rowspan=2>本州<td>660円</tr><tr><td>無料</tr></table>
<pre>x = 1
  y</pre><script>alert(1)</script></main>
<footer>(c)</footer></body></html>"""


def test_page(tmp_path: Path, read: Callable[[Path], Document]) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(PAGE.encode("cp932"))
    document = read(path)
    assert document.title == "保証 | 会社"
    assert document.parts[0].text == (
        "# 保証と返品\n\n保証期間は1年です。\n㈱も可。\n\n"
        "- 一つ目\n  3. 内側\n- 二つ目\n\n料金\n\n"
        "| 地域 | 送料 |\n| --- | --- |\n| 本州 | 660円 |\n| 本州 | 無料 |\n\n"
        "```\nx = 1\n  y\n```\n"
    )


def test_a_wrong_declaration_is_overruled(tmp_path: Path, read: Callable[[Path], Document]) -> None:
    path = tmp_path / "page.htm"
    path.write_bytes('<meta charset="utf-8"><p>営業時間のご案内</p>'.encode("cp932"))
    assert read(path).parts[0].text == "営業時間のご案内\n"


def test_nested_blocks_in_inline_elements() -> None:
    assert html_to_text("<span>a<div>b</div></span><dl><dt>Q</dt><dd>A</dd></dl>") == (
        "a\n\nb\n\nQ\n: A\n"
    )


def test_the_heading_of_a_page_header_is_kept() -> None:
    assert html_to_text("<header><h1>T</h1></header><p>x</p><header>logo</header>") == "# T\n\nx\n"

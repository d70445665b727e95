"""Which lines of a PDF are headings, and of which level: by how they look, and by their numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from connectors.formats.pdf_lines import TextLine, joined_text

Page = list[TextLine]

_LARGER = 1.12  # times the size of the body
_LONGEST = 90  # half-width letters
_MOST_LEVELS = 4
_DEEPEST = 6
_SAME_PLACE_PAGES = 3
_SAME_PLACE = 2.0  # points
_MOST_IN_A_ROW = 2  # bold lines of the body's size; more are a bold paragraph
_SENTENCE = re.compile(r"(?<!\d)[.。]\s*$|[!?！？、,;；]\s*$|(です|ます)$")
_ITEM = re.compile(r"^\s*[-*+•・◦▪●○]\s*")
_CONTENTS = re.compile(r"([.…・‥]\s?){4,}\s*\S*\d+\S?$|\s{2,}\d{1,4}$")
_VALUE = re.compile(r"[¥$€£]\s?-?[\d,.]+$|\d\s?[%％円]$|^[\W\d_]*$")
_ARTICLE = re.compile(
    r"^第\s*[0-9０-９一二三四五六七八九十百]+\s*([編章節款条])(?:の[0-9０-９一二三四五六七八九十]+)?"
    r"(?:$|[\s\u3000（(【「:：][^。]{0,40}$|(?!の)[^。、]{1,24}$)"
)
_NUMBER = re.compile(
    r"^\s*(\d{1,2}(?:[.．]\d{1,2}){0,4})[.．)）]?\s+\S|^\s*(\d{1,2}(?:\.\d{1,2})+)\S"
)
_MARKED = re.compile(r"^[■◆□◎▼【〔].{1,40}$")
_KINDS = "編章節款条"


def heading_levels(
    pages: Sequence[Page], outline: Mapping[tuple[int, str], int]
) -> dict[tuple[int, int], int]:
    """(page, line) → level from 1. `outline` has (page, squeezed title) → depth of bookmarks."""
    repeated = repeated_lines(pages)
    body, body_is_strong = _body(pages)
    found: dict[tuple[int, int], tuple[float, bool]] = {}
    marked: dict[tuple[int, int], int] = {}
    for place, line in _lines(pages):
        if place in repeated or line.cells or not _may_head(line.text):
            continue
        if (place[0], squeezed(line.text)) in outline:
            marked[place] = outline[place[0], squeezed(line.text)]
        larger = line.size >= _LARGER * body
        if not line.size:  # from OCR
            continue
        if larger or (line.strong and not body_is_strong and line.size >= 0.95 * body):
            found[place] = (round(line.size if larger else body, 1), line.strong)
    _drop_bold_paragraphs(pages, found, body)
    levels = _by_style(pages, found, body)
    _add_numbered(pages, repeated, levels, styled=bool(levels))
    return _under_outline(levels, marked)


def repeated_lines(pages: Sequence[Page]) -> set[tuple[int, int]]:
    """(page, line) of page headers, footers and numbers: lines at the top or bottom edge that come
    again at the same height on three pages."""
    places: dict[str, list[tuple[float, int, int]]] = {}
    for page, lines in enumerate(pages):
        edge = {*range(min(3, len(lines))), *range(max(len(lines) - 3, 0), len(lines))}
        for index in edge:
            line = lines[index]
            if not line.cells:
                text = re.sub(r"\d+|\b[ivxlc]+$", "#", line.text.strip())
                places.setdefault(text, []).append((line.top, page, index))
    return {
        (page, index)
        for found in places.values()
        for level in _levels(sorted(found))
        if len({page for _, page, _ in level}) >= _SAME_PLACE_PAGES
        for _, page, index in level
    }


def _levels(found: list[tuple[float, int, int]]) -> Iterator[list[tuple[float, int, int]]]:
    """Lines at nearly the same height."""
    level: list[tuple[float, int, int]] = []
    for entry in found:
        if level and entry[0] - level[-1][0] > _SAME_PLACE:
            yield level
            level = []
        level.append(entry)
    if level:
        yield level


def join_headings(pages: Sequence[Page], levels: dict[tuple[int, int], int]) -> None:
    """Put a large heading of several lines into its first one; the others become empty."""
    body, _ = _body(pages)
    for (page, index), level in sorted(levels.items()):
        first, following = pages[page][index], (page, index + 1)
        while levels.get(following) == level and first.size >= _LARGER * body:
            line = pages[page][following[1]]
            same = abs(line.size - first.size) < 0.3 and line.strong == first.strong
            if line.apart or not same or _is_numbered(line.text):
                break
            first.text = joined_text([first.text, line.text])
            line.text = ""
            del levels[following]
            following = (page, following[1] + 1)
    for place in [p for p in levels if not pages[p[0]][p[1]].text]:
        del levels[place]


def squeezed(text: str) -> str:
    """A title without spaces and case, to compare."""
    return re.sub(r"\s+", "", text).casefold()


def _lines(pages: Sequence[Page]) -> Iterator[tuple[tuple[int, int], TextLine]]:
    for page, lines in enumerate(pages):
        for index, line in enumerate(lines):
            yield (page, index), line


def _body(pages: Sequence[Page]) -> tuple[float, bool]:
    """The size that most letters have, and whether most of them are strong."""
    sizes: Counter[float] = Counter()
    strong: Counter[float] = Counter()
    for _, line in _lines(pages):
        if line.size and not line.cells:
            size = round(line.size * 2) / 2
            sizes[size] += len(line.text)
            strong[size] += len(line.text) * line.strong
    if not sizes:
        return 0.0, False
    body = max(sizes, key=lambda size: sizes[size])
    return body, strong[body] > 0.5 * sizes[body]


def _may_head(text: str) -> bool:
    text = text.strip()
    width = sum(2 if char >= "\u2e80" else 1 for char in text)
    if len(text) < 2 or width > _LONGEST or sum(c.isalpha() for c in text) < 2:
        return False
    bad = _SENTENCE.search(text) or _ITEM.match(text) or _CONTENTS.search(text)
    return not bad and (not _VALUE.search(text) or _is_numbered(text))


def _is_numbered(text: str) -> bool:
    return bool(_NUMBER.match(text) or _ARTICLE.match(text.strip()))


def _drop_bold_paragraphs(
    pages: Sequence[Page], found: dict[tuple[int, int], tuple[float, bool]], body: float
) -> None:
    """Bold lines of the body's size head something only where they stand by themselves."""
    bold = {place for place, (size, _) in found.items() if size < _LARGER * body}
    for page, index in sorted(bold):
        start = index
        while (page, start - 1) in bold and not pages[page][start].apart:
            start -= 1
        end = index
        while (page, end + 1) in bold and not pages[page][end + 1].apart:
            end += 1
        line = pages[page][start]
        before = pages[page][start - 1] if start else None
        in_text = before is not None and not line.apart and not _ends(before)
        if end - start + 1 > _MOST_IN_A_ROW or in_text or not line.alone:
            found.pop((page, index), None)


def _ends(line: TextLine) -> bool:
    return bool(line.cells or line.strong or re.search(r"[.。!?！？:：」）)]\s*$", line.text))


def _by_style(
    pages: Sequence[Page], found: Mapping[tuple[int, int], tuple[float, bool]], body: float
) -> dict[tuple[int, int], int]:
    """Larger first, bold before plain; within a style, by how deep the numbers go."""
    ranks: dict[tuple[float, bool], int] = {}
    last: tuple[float, bool] | None = None
    for style in sorted(set(found.values()), reverse=True):
        near = last is not None and last[0] - style[0] < 0.04 * body and last[1] == style[1]
        rank = 1 if last is None else ranks[last] + (not near)
        ranks[style] = min(rank, _MOST_LEVELS)
        last = style
    depths = {place: _depth(pages[place[0]][place[1]].text) for place in found}
    least: dict[int, int] = {}
    for place, style in found.items():
        if depths[place]:
            rank = ranks[style]
            least[rank] = min(least.get(rank, _DEEPEST), depths[place])
    levels = {}
    for place, style in found.items():
        rank = ranks[style]
        deeper = depths[place] - least[rank] if depths[place] else 0
        levels[place] = min(rank + deeper, _DEEPEST)
    return levels


def _depth(text: str) -> int:
    """`2` → 1, `2.1` → 2; 第1章 → 2, 第3条 → 5; 0 without a number."""
    article = _ARTICLE.match(text.strip())
    if article:
        return _KINDS.index(article[1]) + 1
    number = _NUMBER.match(text)
    return len(re.split(r"[.．]", number[1] or number[2])) if number else 0


def _add_numbered(
    pages: Sequence[Page],
    repeated: set[tuple[int, int]],
    levels: dict[tuple[int, int], int],
    *,
    styled: bool,
) -> None:
    """Headings that only their words show: 第3条, 【…】; `1.2 …` where nothing else marks any."""
    plain: list[tuple[tuple[int, int], TextLine, int]] = []
    for place, line in _lines(pages):
        text = line.text.strip()
        if place in levels or place in repeated or line.cells or _CONTENTS.search(text):
            continue
        article = _ARTICLE.match(text)
        if article and not _SENTENCE.search(text):
            plain.append((place, line, _KINDS.index(article[1])))
        elif _MARKED.match(text) and not _SENTENCE.search(text) and not _in_list(pages, place):
            plain.append((place, line, len(_KINDS)))
        elif not styled and _NUMBER.match(text) and _may_head(text) and not _in_list(pages, place):
            plain.append((place, line, _depth(text)))
    above = 0 if not levels else min(max(levels.values()), 3)
    kinds = sorted({kind for _, _, kind in plain})
    for place, _, kind in plain:
        levels[place] = min(above + kinds.index(kind) + 1, _DEEPEST)


def _in_list(pages: Sequence[Page], place: tuple[int, int]) -> bool:
    """Whether the line before or after it starts the same way, or nothing follows it."""
    lines = pages[place[0]]
    text = lines[place[1]].text.strip()
    around = [lines[i].text.strip() for i in (place[1] - 1, place[1] + 1) if 0 <= i < len(lines)]
    if _MARKED.match(text):
        return any(other[:1] == text[:1] for other in around)
    return any(_NUMBER.match(other) and _depth(other) == _depth(text) for other in around)


def _under_outline(
    levels: dict[tuple[int, int], int], marked: Mapping[tuple[int, int], int]
) -> dict[tuple[int, int], int]:
    """Bookmarks say the level; other headings stand below the bookmark before them."""
    if len(marked) < _SAME_PLACE_PAGES:
        return levels
    out: dict[tuple[int, int], int] = {}
    current = 0
    for place in sorted({*levels, *marked}):
        if place in marked:
            current = marked[place]
            out[place] = min(current, _DEEPEST)
        else:
            out[place] = min(current + 1, _DEEPEST) if current else 1
    return out

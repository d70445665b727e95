"""What the models read instead of the raw text: markup gone, widths folded, broken lines mended.

Never changes what a citation shows: `Chunk.text` stays verbatim, `Chunk.model_text` is cleaned.
"""

from __future__ import annotations

import html
import re
import unicodedata

_LIQUID = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{:.*?\}", re.DOTALL)
_TEMPLATE_NAME = re.compile(
    r"\{%-?\s*(?!(?:if|elsif|unless|case|when|for|extends|include|block|url|comment|assign)\b)\w+\s+"
    r"\"([^\"/.]+)\"[^%]*%\}"
)
_COMMENT = re.compile(r"<!--.*?-->|<!--|-->", re.DOTALL)
_AUTOLINK = re.compile(r"<(?:mailto:)?((?:https?://|[^\s<>@]+@)[^\s<>]+)>")
_LINE_TAG = re.compile(
    r"</?(?:br|hr|p|div|ul|ol|li|dl|dt|dd|table|tr|td|th|h[1-6]|option|summary|blockquote)"
    r"(?:\s[^<>\n]{0,300})?/?>",
    re.IGNORECASE,
)
# By name: `<serial number>` in a text is a placeholder, not a tag.
_TAG = re.compile(
    r"</?(?:a|abbr|address|article|aside|audio|b|big|body|button|caption|center|cite|code|col"
    r"|colgroup|del|details|dfn|em|embed|fieldset|figcaption|figure|font|footer|form|head|header"
    r"|html|i|iframe|img|input|ins|kbd|label|legend|link|main|map|mark|meta|nav|noscript|object"
    r"|optgroup|param|picture|pre|q|s|samp|script|section|select|small|source|span|strike|strong"
    r"|style|sub|sup|svg|tbody|template|textarea|tfoot|thead|time|title|tt|u|var|video|wbr)"
    r"(?:\s[^<>\n]{0,300})?/?>",
    re.IGNORECASE,
)
_IMAGE = re.compile(r"!\[([^\]]*)\]\([^)]*\)")
_LINK = re.compile(r"\[([^\[\]]+)\]\((?:[^()]|\([^()]*\))*\)")
_REFERENCE_LINK = re.compile(r"\[([^\[\]]+)\]\[[^\[\]]*\]")
_ITALIC = re.compile(r"(?<![\w*])([*_])(?=\S)([^*_\n]+?)(?<=\S)\1(?![\w*])")
_BOLD = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1", re.DOTALL)
_CODE = re.compile(r"`+([^`\n]+)`+")
_HEADING_MARK = re.compile(r"^\s*#{1,6}\s+|\s+#+\s*$")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!|>~-])")
_QUOTE_MARK = re.compile(r"^\s*>\s?", re.MULTILINE)
_ITEM_MARK = re.compile(r"^(\s*)[*+•・◦▪](\s+)")
_MATTER = re.compile(r"^(?:name|title|about|description|summary|keywords|tags)\s*:\s*\S", re.I)
_SPACE = re.compile(r"[ \t\u00a0\u3000]+")
_BROKEN_WORD = re.compile(r"(?<=[a-z])-[ \t]*\n\s*(?=[a-z])")
_JAPANESE = r"\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uff00-\uffef"
_BROKEN_JAPANESE = re.compile(rf"(?<=[{_JAPANESE}])[ \t]*\n\s*(?=[{_JAPANESE}])")
_BREAK = re.compile(r"\s*\n\s*")
_WIDE = re.compile(r"[０-９Ａ-Ｚａ-ｚ．，％－]+")
_HALF_KANA = re.compile(r"[\uff61-\uff9f]+")
_RADICAL = re.compile(r"[\u2e80-\u2fdf\uf900-\ufaff]+")
_CONTROL = re.compile(r"[\u0000-\u0008\u000b-\u001f\u007f\u200b-\u200f\u2060\ufeff\ufffe\uffff]")


def clean_block(text: str) -> str:
    """One block as a single line of plain text."""
    text = _CONTROL.sub("", _mend_lines(_QUOTE_MARK.sub("", text)))
    return fold_widths(_SPACE.sub(" ", strip_markup(text))).strip()


def clean_code(text: str) -> str:
    """A code block without its fences, line by line."""
    lines = [line for line in text.split("\n") if not line.lstrip().startswith(("```", "~~~"))]
    return "\n".join(_CONTROL.sub("", line).rstrip() for line in lines).strip()


def clean_matter(text: str) -> str:
    """The lines of a front matter that say what the page is: names, summaries, keywords."""
    return "\n".join(clean_block(line) for line in text.split("\n") if _MATTER.match(line))


def clean_row(text: str) -> str:
    """A table row with its cells cleaned: `| a | b |`."""
    cells = [clean_block(cell) for cell in split_row(text)]
    return "| " + " | ".join(cells) + " |"


def split_row(text: str) -> list[str]:
    """The cells of a Markdown table row; an escaped bar stays in its cell."""
    inner = text.strip().removeprefix("|").removesuffix("|")
    return [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", inner)]


def is_rule_row(text: str) -> bool:
    """Whether the row is the line under a table's head: `| --- | :-: |`."""
    return bool(re.fullmatch(r"\s*\|(?:\s*:?-{1,}:?\s*\|)+\s*", text))


def strip_markup(text: str) -> str:
    """Text without Markdown, Liquid and HTML marks; links leave their words, and so does a
    template's tag that shows a name: `{% slack_channel "help" %}`."""
    text = _COMMENT.sub("", _LIQUID.sub("", _TEMPLATE_NAME.sub(r"\1", text)))
    text = _IMAGE.sub(r"\1", text)
    text = _REFERENCE_LINK.sub(r"\1", _LINK.sub(r"\1", text))
    text = _TAG.sub("", _LINE_TAG.sub(" ", _AUTOLINK.sub(r"\1", text)))
    text = _BOLD.sub(r"\2", _HEADING_MARK.sub("", text))
    text = _CODE.sub(r"\1", _ITALIC.sub(r"\2", text))
    return html.unescape(_ESCAPED.sub(r"\1", _ITEM_MARK.sub(r"\1-\2", text)))


def fold_widths(text: str) -> str:
    """Full-width digits and letters, half-width kana and look-alike radicals as the usual ones.

    Part numbers keep their form, and so do signs whose NFKC form means something else
    (`m²`, `①`, `㈱`, `½`).
    """
    text = _WIDE.sub(_fold_wide, text)
    for pattern in (_HALF_KANA, _RADICAL):
        text = pattern.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    return text


def _fold_wide(match: re.Match[str]) -> str:
    folded = unicodedata.normalize("NFKC", match[0])
    has_digit = any(char.isdigit() for char in folded)
    is_code = has_digit and sum(char.isalpha() for char in folded) > 0 and "－" in match[0]
    only_marks = not any(char.isalnum() for char in folded)
    return match[0] if is_code or only_marks else folded


def _mend_lines(text: str) -> str:
    text = _BROKEN_WORD.sub("", text)
    return _BREAK.sub(" ", _BROKEN_JAPANESE.sub("", text))

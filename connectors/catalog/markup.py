"""Cells that hold HTML, as shops' exports have them, as text."""

from __future__ import annotations

import html
import re

_TAG = re.compile(
    r"</?(?:p|br|div|span|ul|ol|li|b|strong|em|i|u|a|img|h[1-6]|table|tr|td|font|style|script)"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|nbsp|yen|#\d{1,6}|#x[0-9a-f]{1,5});", re.IGNORECASE)


def plain_text(text: str) -> str:
    """The text without tags, scripts and entities; text that has none comes back as it is."""
    if "<" in text and _TAG.search(text):
        from connectors.formats.html import html_to_text  # loads the HTML parser

        return html_to_text(text).strip()
    return html.unescape(text) if "&" in text and _ENTITY.search(text) else text

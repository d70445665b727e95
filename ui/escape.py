"""Text from models, documents and people, made harmless for the screen.

Streamlit reads Markdown in every label, caption and message: images, links, LaTeX, emoji codes,
icons and colour directives. Running text goes through `st.text`, which parses nothing. What is
left are labels (`label`) and passages with their quote marked (`marked_passage`).
"""

from __future__ import annotations

import html
import re

from builder.text.injections import visible

INVISIBLE = "\u2060"
"""Word joiner: takes no room and allows no line break."""

MARK_STYLE = "background:rgba(255,196,0,.32);color:inherit;border-radius:3px;padding:.08em 0"
PASSAGE_STYLE = (
    "white-space:pre-wrap;overflow-wrap:anywhere;font-size:.875rem;line-height:1.7;"
    "max-height:22rem;overflow-y:auto"
)

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_SPACE = re.compile(r"\s+")


def shown(text: str) -> str:
    """`text` without control characters and those that have no shape or turn the direction of
    writing: what is read is what stands there."""
    return visible(text)


def label(text: str) -> str:
    """`text` as one line of Markdown that shows exactly these characters and does nothing.

    A backslash takes the Markdown meaning from ASCII punctuation. But Streamlit looks for bare
    addresses, emoji codes, icons and arrows in the text *after* Markdown is parsed, where the
    backslashes are gone; an invisible character between the punctuation and its neighbours keeps
    those patterns apart.
    """
    line = _SPACE.sub(" ", shown(text)).strip()
    return _PUNCTUATION.sub(rf"{INVISIBLE}\\\1{INVISIBLE}", line)


def marked_passage(passage: str, quote: str) -> str:
    """HTML that shows the passage as plain text with the quote in it marked.

    Everything that comes from outside is HTML-escaped; the tags are the two fixed ones here. A
    quote that isn't in the passage is shown alone.
    """
    found = find_quote(passage, quote)
    if found is None:
        passage, found = quote, (0, len(quote))
    start, end = found
    before, inside, after = (
        html.escape(shown(part)) for part in (passage[:start], passage[start:end], passage[end:])
    )
    mark = f'<mark style="{MARK_STYLE}">{inside}</mark>'
    return f'<div style="{PASSAGE_STYLE}">{before}{mark}{after}</div>'


def find_quote(passage: str, quote: str) -> tuple[int, int] | None:
    """Where `quote` stands in `passage`, whatever white space lies between its characters."""
    places = [index for index, character in enumerate(passage) if not character.isspace()]
    squeezed = "".join(passage[index] for index in places)
    wanted = "".join(quote.split())
    at = squeezed.find(wanted)
    if not wanted or at < 0:
        return None
    return places[at], places[at + len(wanted) - 1] + 1

"""The passages beside an answer: cited ones with their quote marked, then what else was found."""

from __future__ import annotations

import streamlit as st

from builder.records import Answer, Citation, Passage
from ui.escape import find_quote, label, marked_passage, shown
from ui.texts import Texts


def show_citations(answer: Answer, t: Texts, newest: bool) -> None:
    """Draw the sources of an answer; those of the newest answer stand open."""
    if answer.citations:
        st.markdown(f"**{t('sources')}**")
    for number, citation in enumerate(answer.citations, 1):
        title = label(f"{number}. {_place(citation.source, citation.locator)}")
        with st.expander(title, expanded=newest and number == 1):
            st.html(marked_passage(_passage_text(answer, citation), citation.quote))
    _show_others(answer, t)


def _show_others(answer: Answer, t: Texts) -> None:
    cited = {(citation.source, citation.locator) for citation in answer.citations}
    others = [p for p in answer.passages if (p.chunk.source, p.chunk.locator) not in cited]
    if not others:
        return
    heading = "others" if answer.citations else "nearest"
    with st.expander(t(heading, count=len(others)), type="compact"):
        for passage in others:
            _show_other(passage)


def _show_other(passage: Passage) -> None:
    st.caption(label(_place(passage.chunk.source, passage.chunk.locator)))
    st.text(shown(passage.text))


def _place(source: str, locator: str) -> str:
    return f"{source} · {locator}" if locator else source


def _passage_text(answer: Answer, citation: Citation) -> str:
    """The retrieved passage that holds the quote; empty when it is not among them."""
    for passage in answer.passages:
        if passage.chunk.source == citation.source and find_quote(passage.text, citation.quote):
            return passage.text
    return ""

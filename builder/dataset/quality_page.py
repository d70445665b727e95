"""The quality of a dataset as a Markdown page for its owner."""

from __future__ import annotations

from builder.dataset.quality import Counts, DatasetQuality
from builder.records import QAPair

_REASONS = {
    "malformed": "no question, answer or passage",
    "wrong-language": "question in another language than its passage",
    "too-short": "says next to nothing",
    "too-long": "longer than people write",
    "refers-to-text": "can't be understood without its passage",
    "points-elsewhere": "the answer points to something only the document shows",
    "unfinished": "a template to fill in, or half a sentence",
    "uninformative": "the answer only says the question again",
    "unsupported": "the answer is not in its passage",
    "ambiguous": "the same question has another answer elsewhere",
    "duplicate": "asked before",
    "near-duplicate": "almost the same pair from another place",
    "finds-another-passage": "the index does not find the passage from the question",
    "over-budget": "more than `max_pairs` or a share allows",
    "leaks-into-test": "would give a test question away",
    "same-meaning-as-test": "asks a test question in other words",
    "on-two-sides": "its passages stand on two sides of the split",
    "rejected-in-review": "a person rejected it",
}


def quality_page(quality: DatasetQuality) -> str:
    """The whole page."""
    lines = ["# The dataset", "", *_summary(quality)]
    tables = (
        ("Split", quality.by_split),
        ("Kind of question", quality.by_kind),
        ("Generator", quality.by_generator),
        ("Language", quality.by_language),
        ("Other spelling or word (training only)", quality.by_augmentation),
        ("Personal data found", quality.personal),
    )
    for title, counts in tables:
        if counts:
            lines += ["", f"## {title}", "", "| | pairs |", "| --- | ---: |", *_rows(counts)]
    if quality.rejected:
        lines += ["", "## Rejected", "", "| why | | pairs |", "| --- | --- | ---: |"]
        lines += [f"| {name} | {_REASONS.get(name, '')} | {n} |" for name, n in quality.rejected]
    lines += ["", f"## {len(quality.sample)} pairs to read", ""]
    for number, pair in enumerate(quality.sample, 1):
        lines += _pair(number, pair)
    return "\n".join(lines) + "\n"


def _summary(quality: DatasetQuality) -> list[str]:
    values = (
        ("pairs", str(quality.pairs)),
        ("facts asked for", f"{quality.facts} of {quality.facts_found} seen"),
        ("wordings a fact", f"{quality.wordings_per_fact:.1f}"),
        ("passages with a pair", f"{quality.covered:.0%}"),
        ("documents with a pair", f"{quality.documents_covered:.0%}"),
        ("different questions", f"{quality.distinct_questions:.0%}"),
        ("different word pairs", f"{quality.diversity:.0%}"),
        ("follow-ups", str(quality.followups)),
        ("from two passages", str(quality.two_passages)),
        ("reviewed by a person", str(quality.reviewed)),
    )
    return ["| | |", "| --- | ---: |", *(f"| {name} | {value} |" for name, value in values)]


def _rows(counts: Counts) -> list[str]:
    return [f"| {_cell(name)} | {count} |" for name, count in counts]


def _pair(number: int, pair: QAPair) -> list[str]:
    before = [f"   - {turn.role}: {_line(turn.content)}" for turn in pair.history]
    place = " › ".join(part for part in (pair.source, pair.locator) if part)
    return [
        f"{number}. **{_line(pair.question)}**",
        *before,
        f"   {_line(pair.answer)}",
        f"   *{_line(place)}*, {pair.kind}, {pair.split}",
        "",
    ]


def _cell(text: str) -> str:
    return _line(text).replace("|", "\\|")


def _line(text: str) -> str:
    """One line without what Markdown or HTML would act on: the text is the documents'."""
    flat = " ".join(text.split())
    for mark in ("\\", "<", ">", "[", "]", "*", "_", "`", "#"):
        flat = flat.replace(mark, "\\" + mark) if mark not in "<>" else flat
    return flat.replace("<", "&lt;").replace(">", "&gt;")

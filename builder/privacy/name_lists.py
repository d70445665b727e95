"""Common names, for places where letters alone don't tell a name from another word."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files


@lru_cache(maxsize=1)
def surnames_ja() -> frozenset[str]:
    """Common Japanese surnames in kanji."""
    return _words("surnames_ja.txt")


@lru_cache(maxsize=1)
def given_names_en() -> frozenset[str]:
    """Common given names in Latin letters, English and Japanese."""
    return _words("given_names_en.txt")


def _words(name: str) -> frozenset[str]:
    return frozenset(files("builder.privacy").joinpath(name).read_text(encoding="utf-8").split())

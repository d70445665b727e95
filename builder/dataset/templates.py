"""Wordings of questions, read from `wordings/<language>.toml`: one table per family."""

from __future__ import annotations

import hashlib
import re
import string
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from builder.errors import ConfigError

_FOLDER = Path(__file__).parent / "wordings"
_SENTENCE_START = re.compile(r"(^|[?!.] )([a-z])")
_KEPT_CAPITAL = re.compile(r"^(?:I\b|I'|[A-Z][A-Z0-9]|[A-Z][a-z]+[A-Z])")
_ASKING = re.compile(
    r"^(?:what|which|who|whom|how|can|could|do|does|did|is|are|am|where|when|why|may|must|should|"
    r"would|will|by|up to|in|at most|for|from|tell|please|within|under|about|roughly|if|once|after|"
    r"before|any|have|has|walk|as a|the|a|an)(?:['’]s)?\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Wordings:
    """The templates of one language by family."""

    language: str
    families: Mapping[str, tuple[str, ...]]

    def questions(self, family: str, slots: Mapping[str, str], seed: str, count: int) -> list[str]:
        """Up to `count` questions of a family, in an order that `seed` decides."""
        templates = sorted(
            self.templates(family),
            key=lambda template: hashlib.sha256((seed + template).encode()).digest(),
        )
        return [self._fill(template, slots) for template in templates[:count]]

    def templates(self, family: str) -> tuple[str, ...]:
        """The templates of a family; raises ConfigError for one that is not there."""
        try:
            return self.families[family]
        except KeyError:
            raise ConfigError(
                f"there is no family `{family}`.",
                f"wordings/{self.language}.toml",
                f"It has: {', '.join(sorted(self.families))}.",
            ) from None

    def _fill(self, template: str, slots: Mapping[str, str]) -> str:
        filled = fill_template(template, self._derived(slots), f"wordings/{self.language}.toml")
        filled = re.sub(r"\s+(?=[?.,:]( |$))", "", re.sub(r"\s+", " ", filled)).strip()
        if self.language != "en":
            return filled
        return _SENTENCE_START.sub(lambda m: m[1] + m[2].upper(), filled)

    def _derived(self, slots: Mapping[str, str]) -> Mapping[str, str]:
        """`question` may also be used lower-cased, to stand inside a sentence, as `{asked}`."""
        if "question" not in slots:
            return slots
        question = slots["question"]
        asked = lower_first(question) if _ASKING.match(question) else question
        return {**slots, "asked": asked}


def lower_first(text: str) -> str:
    """`Which` is `which`; names, abbreviations and `I` stay."""
    if _KEPT_CAPITAL.match(text):
        return text
    return text[:1].lower() + text[1:]


def template_fields(template: str) -> set[str]:
    """Names of the variables of a template."""
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def fill_template(template: str, values: Mapping[str, str], name: str) -> str:
    """The template with every variable filled; raises ConfigError naming the missing ones."""
    missing = template_fields(template) - set(values)
    if missing:
        raise ConfigError(
            f"the template uses {', '.join(sorted(missing))}, which it is not given.",
            name,
            f"It is given: {', '.join(sorted(values)) or 'nothing'}.",
        )
    return template.format_map(values)


@cache
def load_wordings(language: str, folder: Path = _FOLDER) -> Wordings:
    """The wordings of a language; raises ConfigError for a file that is not as it must be."""
    path = folder / f"{language}.toml"
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    return Wordings(language, dict(_families(tables, "", path)))


def _families(
    tables: Mapping[str, Any], prefix: str, path: Path
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """`[table.plural]` is a family of its own beside `[table]`."""
    for name, table in tables.items():
        family = prefix + name
        if not isinstance(table, dict):
            raise _fault(family, path)
        templates = table.get("templates", [])
        below = {key: value for key, value in table.items() if key != "templates"}
        if not (templates or below) or len(set(templates)) != len(templates):
            raise _fault(family, path)
        if templates:
            yield family, tuple(templates)
        yield from _families(below, f"{family}.", path)


def _fault(family: str, path: Path) -> ConfigError:
    return ConfigError(
        f"`{family}` is not a table with `templates`, all different.",
        str(path),
        "Correct the table.",
    )

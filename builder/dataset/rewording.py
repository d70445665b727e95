"""Other wordings of a question that somebody else wrote, by rules from `wordings/rewrite.toml`."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

from builder.dataset.templates import fill_template
from builder.errors import ConfigError

_FILE = Path(__file__).parent / "wordings" / "rewrite.toml"


def reworded(question: str, language: str) -> tuple[str, ...]:
    """Wordings made by the first rule that fits; empty where none does."""
    for pattern, templates in _rules().get(language, ()):
        if match := pattern.match(question):
            values = {name: text or "" for name, text in match.groupdict().items()}
            return tuple(fill_template(template, values, str(_FILE)) for template in templates)
    return ()


@cache
def _rules() -> dict[str, list[tuple[re.Pattern[str], tuple[str, ...]]]]:
    tables = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    rules: dict[str, list[tuple[re.Pattern[str], tuple[str, ...]]]] = {}
    for language, entries in tables.items():
        for entry in entries:
            if set(entry) != {"pattern", "templates"}:
                raise ConfigError(
                    "a rule is not a table with `pattern` and `templates`.",
                    str(_FILE),
                    f"Correct the rule with the keys {', '.join(sorted(entry))}.",
                )
            rules.setdefault(language, []).append(
                (re.compile(entry["pattern"]), tuple(entry["templates"]))
            )
    return rules

"""Which groups may read a document, by the folder rules of bot.toml."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from builder.config import AccessRule


class AccessRules:
    """The rules, compiled once. They err on the closed side: case and the spelling of accents do
    not count, and a document that was renamed because two sources have the same path is known by
    its first name, too."""

    def __init__(self, rules: Sequence[AccessRule], paths: Sequence[str]) -> None:
        """`paths` are the sources of bot.toml, whose names may stand before a document's."""
        from pathspec import GitIgnoreSpec

        self._rules = [
            (GitIgnoreSpec.from_lines([_folded(rule.path)]), frozenset(rule.groups))
            for rule in rules
        ]
        self._prefixes = {_folded(name) + "/" for name in map(_name_of, paths) if name}

    def matching(self, source: str) -> tuple[int, ...]:
        """Places of the rules that the document falls under."""
        names = self._names(_folded(source))
        return tuple(
            place
            for place, (spec, _) in enumerate(self._rules)
            if any(spec.match_file(name) for name in names)
        )

    def groups(self, matching: Sequence[int]) -> tuple[str, ...] | None:
        """The groups that every one of these rules names; empty for everybody, None for nobody."""
        if not matching:
            return ()
        named = frozenset.intersection(*(self._rules[place][1] for place in matching))
        return tuple(sorted(named)) or None

    def _names(self, source: str) -> set[str]:
        bare = re.sub(r"(?: \(2\))+(?=/|$)", "", source)
        names = {source, bare}
        for prefix in self._prefixes:
            names |= {name[len(prefix) :] for name in (source, bare) if name.startswith(prefix)}
        return {name for name in names if name}


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


def _name_of(path: str) -> str:
    """What a source is called by: its last folder, or its host."""
    address = urlsplit(path) if "://" in path else None
    place = unquote(address.path) if address else path
    return PurePosixPath(place.replace("\\", "/")).name or (
        address.hostname or "" if address else ""
    )

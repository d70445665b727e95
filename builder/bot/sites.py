"""The site that a question names: what is said of the San Francisco office is no answer about the
one in Chicago."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from builder.bot.support import readable
from builder.records import Passage
from builder.text.terms import terms

Site = frozenset[str]
"""The terms of a site's name."""
RARE = 0.05
"""Share of the chunks up to which a name tells one site from others: the company's own stands
everywhere."""
_KIND = (
    "(?:office|building|store|shop|branch|site|factory|plant|warehouse|campus|showroom|clinic|school"
    "|hotel|restaurant|centre|center)s?"
)
_NAME = r"[A-Z][\w'’-]*(?: [A-Z][\w'’-]*)*"
_ENGLISH = re.compile(
    rf"(?<![\w'’-])(?P<before>{_NAME}(?:(?:, | and | or |, and |, or ){_NAME})*) {_KIND}\b"
    rf"|\b{_KIND} in (?P<after>{_NAME})"
)
_DETERMINERS = frozenset(
    "a all an any both each every her his how in is its my no of one our some that the their these "
    "this those what when where which who whose your".split()
)
_BETWEEN = re.compile(r", and |, or |, | and | or ")
# Not a kind of shop: 販売店, 量販店, 代理店.
_JAPANESE = re.compile(
    r"[\u3400-\u9fffァ-ヴー]{2,8}?"
    r"(?:支店|支社|支部|本店|営業所|事業所|オフィス|工場|(?<!販売|量販|代理|専門|飲食|加盟|小売|取扱|免税|百貨)店)"
)


def sites_in(question: str, frequency: Callable[[str], int], chunks: int) -> tuple[Site, ...]:
    """The sites that a question names, of those which stand in one of so many chunks, and in few.
    `frequency`: in how many chunks a word stands."""
    found = [*_english(question), *_JAPANESE.findall(question)]
    known = [name for name in found if 0 < frequency(name) <= max(1.0, RARE * chunks)]
    return tuple(dict.fromkeys(frozenset(terms(name)) for name in known))


def about_sites(passages: Sequence[Passage], sites: Sequence[Site]) -> list[Passage]:
    """The passages that name one of the sites; all of them where none does."""
    held = [passage for passage in passages if _names_any(passage, sites)]
    return held or list(passages)


def _english(question: str) -> list[str]:
    found = []
    for match in _ENGLISH.finditer(question):
        found += _BETWEEN.split(match["before"] or match["after"])
    return [name for name in map(_without_determiner, found) if name]


def _without_determiner(name: str) -> str:
    """`Which New York` → `New York`: the first word of a question has a capital too."""
    first, _, rest = name.partition(" ")
    return rest if first.lower() in _DETERMINERS else name


def _names_any(passage: Passage, sites: Sequence[Site]) -> bool:
    there = {term for chunk in passage.chunks for term in terms(readable(chunk))}
    return any(site <= there for site in sites)

"""Superlatives and comparatives: `cheapest`, `heavier`, `一番軽い`, `カロリーが最も低い`."""

from __future__ import annotations

import re
from functools import cache, partial

from builder.products.attributes import Found
from builder.products.catalogue import Catalogue
from builder.products.plain import Remaining, compiled
from builder.products.records import Extreme, Topic

_ENGLISH = (
    # superlatives, comparatives, property, whether the most
    ("cheapest|least expensive|most affordable|lowest[- ]priced|most economical|most inexpensive",
     "cheaper|less expensive|more affordable", "price", False),
    ("most expensive|priciest|costliest|highest[- ]priced|dearest", "more expensive|pricier",
     "price", True),
    ("lightest", "lighter", "weight", False),
    ("heaviest", "heavier", "weight", True),
    ("tallest", "taller", "height", True),
    ("widest", "wider", "width", True),
    ("narrowest|slimmest", "narrower|slimmer", "width", False),
    ("deepest", "deeper", "depth", True),
    ("shallowest", "shallower", "depth", False),
    ("longest", "longer", "length", True),
    ("thickest", "thicker", "thickness", True),
    ("thinnest", "thinner", "thickness", False),
    ("most powerful|strongest", "more powerful|stronger", "power", True),
    ("quietest", "quieter", "noise", False),
    ("loudest|noisiest", "louder|noisier", "noise", True),
    ("roomiest", "roomier", "capacity", True),
    ("(?:largest|biggest|highest|greatest|maximum|most)", "(?:larger|bigger|higher|greater|more)",
     "", True),
    ("(?:smallest|lowest|least|fewest|minimum|shortest)", "(?:smaller|lower|less|fewer|shorter)",
     "", False),
)  # fmt: skip
_JAPANESE = (
    # adjective, property where none is named, whether the most
    ("安い|安価な?|やすい|お手頃な?|お得な", "price", False),
    ("高い|高価な|高額な", "price", True),
    ("軽い|軽量な?", "weight", False),
    ("重い|重たい", "weight", True),
    ("静かな", "noise", False),
    ("背の?高い", "height", True),
    ("幅の?広い", "width", True),
    ("幅の?狭い", "width", False),
    ("長い", "length", True),
    ("薄い", "thickness", False),
    ("厚い", "thickness", True),
    ("パワフルな", "power", True),
    ("大きい|大きな|多い|豊富な|大容量の?", "", True),
    ("小さい|小さな|少ない|低い|短い|コンパクトな?", "", False),
)
_MOST = r"(?:一番|いちばん|1番|最も|もっとも|[2-9]番目に)[│のがは\s]*"
"""A bar stands for words taken already: `一番│が軽い`."""
_SHORT = (
    ("最安値?の?", "price", False), ("最軽量の?", "weight", False), ("最高値?の?", "price", True),
    ("最大の?", "", True), ("最小の?", "", False), ("最多の?", "", True), ("最少の?", "", False),
)  # fmt: skip
_WHICH = r"(?:どちら|どっち|どれ)(?:の方|のほう)?(?:が|の(?:方|ほう)が)?\s*"
_NUMBERS = "one two three four five six seven eight nine ten".split()
_ORDINALS = "first second third fourth fifth".split()
_RANK = rf"(?:[2-9](?:nd|rd|th)|{'|'.join(_ORDINALS[1:])})[ -]"
_BEST = rf"(?:top )?(?:\d{{1,2}}|{'|'.join(_NUMBERS[1:])}) "
_IN_ORDER = re.compile("順")
_SHOWN = compiled(r"(?:上位|トップ)?(\d{1,2})(?:つ|個|件|台|点|機種|製品|商品|位)(?:まで)?")
_TOLD = compiled(r"(\d{1,2})(?:つ|個|件|台|点|機種)(?=を?(?:教|見せ|挙げ|知り))")
_USUALLY_SHOWN = 10
_TIMES = frozenset(("s", "d", "month"))
_VAGUE = "capacity"
"""What `largest` means where nothing is said: stated in the answer."""


def take_extreme(
    remaining: Remaining, topics: list[Found], catalogue: Catalogue
) -> tuple[Extreme | None, list[Found]] | None:
    """The superlative or comparative and the topics left; None where it is not clear of what."""
    for pattern, key, is_most in _patterns():
        taken = remaining.take(pattern)
        if not taken:
            continue
        if len(taken) > 1:
            return None
        at = taken[0].start()
        extreme = partial(_extreme, taken[0][0], remaining, is_most=is_most)
        numeric = [one for one in topics if _can_be_most(one[1], key, catalogue)]
        is_any = not key or key == "length" or re.search("高い", taken[0][0])
        if numeric and is_any:
            nearest = min(numeric, key=lambda one: abs(one[0] - at))
            rest = [one for one in topics if one is not nearest]
            return extreme(nearest[1]), rest
        topic = catalogue.concepts.get(key or _VAGUE)
        if topic is None or (
            not key and not re.search("larg|big|small|大き|小さ|容量", taken[0][0])
        ):
            return None
        return extreme(topic), [one for one in topics if one[1] != topic]
    return None, topics


def _can_be_most(topic: Topic, key: str, catalogue: Catalogue) -> bool:
    """Whether there is a most of the topic; `longest` is one of a time, or the length itself."""
    units = catalogue.units.get(topic.key, frozenset())
    return bool(units) and (key != "length" or units <= _TIMES)


def _extreme(said: str, remaining: Remaining, topic: Topic, *, is_most: bool) -> Extreme:
    """With the ranks that the words ask for: `2nd cheapest`, `three lightest`, `安い順に3つ`."""
    rank = re.search(rf"([2-9])(?:nd|rd|th|番目)|\b({'|'.join(_ORDINALS[1:])})\b", said)
    if rank:
        place = int(rank[1]) if rank[1] else _ORDINALS.index(rank[2]) + 1
        return Extreme(topic, is_most, place, place)
    if _IN_ORDER.search(said):
        shown = remaining.take(_SHOWN)
        return Extreme(topic, is_most, last=int(shown[0][1]) if shown else _USUALLY_SHOWN)
    if told := remaining.take(_TOLD):
        return Extreme(topic, is_most, last=int(told[0][1]))
    best = re.search(rf"(\d{{1,2}})(?=\s)|\b({'|'.join(_NUMBERS[1:])})\b", said)
    last = 1 if best is None else int(best[1] or _NUMBERS.index(best[2]) + 1)
    is_relative = bool(re.search(r" than$|^より", said))
    return Extreme(topic, is_most, last=max(1, last), is_relative=is_relative)


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str, bool], ...]:
    english = [
        (rf"\b(?:{_RANK}|{_BEST})?(?:{most}|{more})\b(?: one| than(?! what))?", key, is_most)
        for most, more, key, is_most in _ENGLISH
    ]
    japanese = [
        (
            rf"(?:{_MOST}|{_WHICH}|よりも?)(?:{adjective})(?:のは|の)?|(?:{adjective})順(?:に|で)?",
            key,
            is_most,
        )
        for adjective, key, is_most in _JAPANESE
    ]
    every = [*english, *japanese, *_SHORT]
    return tuple((compiled(pattern), key, is_most) for pattern, key, is_most in every)

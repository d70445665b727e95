"""Which pairs stay where there are more than wanted."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Sequence

from builder.config import DatasetSection
from builder.dataset.focus import ALIKE, Shares
from builder.records import QAPair


def beyond_refusals(pairs: Sequence[QAPair], settings: DatasetSection) -> set[int]:
    """Places of the unanswerable pairs beyond their share: with more, a small model refuses all."""
    return _beyond(pairs, settings, settings.no_answer_share, lambda pair: not pair.answerable)


def beyond_followups(pairs: Sequence[QAPair], settings: DatasetSection) -> set[int]:
    """Places of the follow-ups beyond their share."""
    return _beyond(pairs, settings, settings.followup_share, lambda pair: bool(pair.history))


def _beyond(
    pairs: Sequence[QAPair],
    settings: DatasetSection,
    share: float,
    counted: Callable[[QAPair], bool],
) -> set[int]:
    places = [place for place, pair in enumerate(pairs) if counted(pair)]
    others = len(pairs) - len(places)
    wanted = round(min(others, settings.max_pairs) * share / (1 - share))
    places.sort(key=lambda place: _draw(settings.seed, pairs[place].id))
    return set(places[wanted:])


def over_budget(
    pairs: Sequence[QAPair], settings: DatasetSection, shares: Shares = ALIKE
) -> set[int]:
    """Places of the pairs beyond `max_pairs`: every fact is kept before any second wording, and
    documents and kinds take turns. Of weight 2, second wordings come with the others' first."""
    if len(pairs) <= settings.max_pairs:
        return set()
    rounds: dict[float, dict[tuple[str, str], list[int]]] = defaultdict(lambda: defaultdict(list))
    worded: dict[str, int] = defaultdict(int)
    for place in sorted(range(len(pairs)), key=lambda place: _draw(settings.seed, pairs[place].id)):
        pair = pairs[place]
        worded[pair.fact] += 1
        weight = max(shares.of(pair.generator), 1e-6)
        # A person's work is kept before all else.
        first = pair.reviewed or pair.generator == "corrections"
        due = 0.0 if first else worded[pair.fact] / weight
        rounds[due][(pair.document_id, pair.kind)].append(place)
    taken: list[int] = []
    for number in sorted(rounds):
        taken.extend(_in_turns(rounds[number], settings.max_pairs - len(taken)))
    return set(range(len(pairs))) - set(taken)


def _in_turns(groups: dict[tuple[str, str], list[int]], most: int) -> list[int]:
    taken: list[int] = []
    queues = [groups[key] for key in sorted(groups)]
    turn = 0
    while len(taken) < most and any(turn < len(queue) for queue in queues):
        taken.extend(queue[turn] for queue in queues if turn < len(queue))
        turn += 1
    return taken[: max(most, 0)]


def _draw(seed: int, pair_id: str) -> bytes:
    return hashlib.sha256(f"{seed}{pair_id}".encode()).digest()

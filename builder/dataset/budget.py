"""Which pairs stay where there are more than wanted."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence

from builder.config import DatasetSection
from builder.records import QAPair


def beyond_refusals(pairs: Sequence[QAPair], settings: DatasetSection) -> set[int]:
    """Places of the unanswerable pairs beyond their share: with more, a small model refuses all."""
    share = settings.no_answer_share
    answerable = sum(pair.answerable for pair in pairs)
    wanted = round(min(answerable, settings.max_pairs) * share / (1 - share))
    places = [place for place, pair in enumerate(pairs) if not pair.answerable]
    places.sort(key=lambda place: _draw(settings.seed, pairs[place].id))
    return set(places[wanted:])


def over_budget(pairs: Sequence[QAPair], settings: DatasetSection) -> set[int]:
    """Places of the pairs beyond `max_pairs`: every fact is kept before any second wording, and
    documents and kinds take turns."""
    if len(pairs) <= settings.max_pairs:
        return set()
    rounds: dict[int, dict[tuple[str, str], list[int]]] = defaultdict(lambda: defaultdict(list))
    worded: dict[str, int] = defaultdict(int)
    order = sorted(range(len(pairs)), key=lambda place: _draw(settings.seed, pairs[place].id))
    for place in order:
        pair = pairs[place]
        rounds[worded[pair.fact]][(pair.document_id, pair.kind)].append(place)
        worded[pair.fact] += 1
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

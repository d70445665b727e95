"""A shared room: never over-full, and nobody is overtaken for ever."""

from __future__ import annotations

import threading
import time

from builder.models.turns import Turns


def test_the_room_is_never_over_full_and_everybody_comes_in() -> None:
    turns, lock = Turns(10), threading.Lock()
    inside = most = served = 0

    def come(units: int) -> None:
        nonlocal inside, most, served
        with turns.taken(units):
            with lock:
                inside += units
                most = max(most, inside)
            time.sleep(0.001)
            with lock:
                inside -= units
                served += 1

    threads = [threading.Thread(target=come, args=(n % 10 + 1,)) for n in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert served == 40
    assert 0 < most <= 10


def test_a_large_one_is_not_overtaken_by_small_ones() -> None:
    turns, order = Turns(10), []
    waiting = threading.Event()

    def come(name: str, units: int) -> None:
        waiting.set()
        with turns.taken(units):
            order.append(name)

    with turns.taken(5):
        threads = []
        for name, units in (("large", 10), ("small", 1)):
            waiting.clear()
            threads.append(threading.Thread(target=come, args=(name, units)))
            threads[-1].start()
            waiting.wait(timeout=60)
            while len(turns._queue) < len(threads):
                time.sleep(0.001)
        assert order == []
    for thread in threads:
        thread.join(timeout=60)
    assert order == ["large", "small"]


def test_more_than_the_room_takes_the_whole_room() -> None:
    turns = Turns(4)
    with turns.taken(100):
        assert turns._free == 0
    assert turns._free == 4

"""Continuations by OpenVINO: all askers in common batches, each with a stream of their own.

Prompts and answers are token ids; the model's own tokenizer makes and reads them. What prompts
begin with alike is computed once.
"""

from __future__ import annotations

import itertools
from collections.abc import Generator, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from builder.errors import ModelUnavailable
from builder.models.batching import ASKERS, ROOM, check_room, side_by_side, usable_cores
from builder.models.completion import Completion, pieces, text_of
from builder.models.openvino_library import openvino
from builder.models.turns import Turns

BLOCK = 32
"""Tokens of a block of OpenVINO's memory on a CPU."""
STEP, SLOWEST_STEP = 256, 32
"""Tokens of prompts read at once, most and fewest. A step holds up the other threads of the
process, so a larger model reads fewer in one."""
STEP_BYTES = 200_000_000
"""Size of a model from which on it reads fewer."""


class OpenVinoRuntime:
    """OpenVINO's form of a model, ready to answer; used from any number of threads."""

    def __init__(self, tokenizer: Any, folder: Path, limit: int, threads: int = 0) -> None:
        """`limit`: most tokens of one prompt and its answer; `threads` 0: one a core. Raises
        ModelUnavailable where OpenVINO can't load the model."""
        self.tokenizer = tokenizer
        self.folder, self.threads = folder, threads
        self.turns = Turns(min(limit, ROOM))
        self._step = Turns(1)  # a lock would let whoever has it take it again before the others
        self._numbers = itertools.count()
        self._pipeline = _loaded(folder, self.turns.room, threads)

    def complete(self, prompts: Sequence[Sequence[int]], max_tokens: int) -> list[Completion]:
        """Greedy continuations, in the prompts' order."""
        return side_by_side(lambda prompt: self._one(prompt, max_tokens), prompts)

    def stream(self, prompt: Sequence[int], max_tokens: int) -> Generator[str]:
        """Pieces of one continuation as they come; closing the iterator stops the work."""
        with closing(self._tokens(prompt, max_tokens)) as tokens:
            yield from pieces(self.tokenizer, tokens)

    def close(self) -> None:
        """Give the memory back, once those are answered who have asked; the next question loads the
        model again."""
        with self._step.taken(1):
            self._pipeline = None

    def _one(self, prompt: Sequence[int], max_tokens: int) -> Completion:
        said = [token for fresh in self._tokens(prompt, max_tokens) for token in fresh]
        return Completion(text_of(self.tokenizer, said).strip(), len(said))

    def _tokens(self, prompt: Sequence[int], max_tokens: int) -> Generator[list[int]]:
        """Whoever waits for a token goes a step on for all who are being answered."""
        check_room(prompt, max_tokens, self.turns.room, self.folder.name)
        with self.turns.taken(len(prompt) + max_tokens):
            pipeline, asked = self._asked(prompt, max_tokens)
            try:
                while True:
                    with self._step.taken(1):
                        if _runs(asked) and not asked.can_read():
                            self._go_on(pipeline)
                        fresh, running = _read(asked), _runs(asked) or asked.can_read()
                    if fresh:
                        yield fresh
                    if not running:
                        self._check_whole(asked)
                        return
            finally:
                # Without a turn: a generator that nobody closed ends wherever it is collected.
                with suppress(RuntimeError):  # it may have ended by itself
                    asked.stop()

    def _asked(self, prompt: Sequence[int], max_tokens: int) -> tuple[Any, Any]:
        import numpy as np

        library, genai = openvino()
        settings = genai.GenerationConfig()
        settings.max_new_tokens = max_tokens
        settings.do_sample = False
        settings.set_eos_token_id(self.tokenizer.eos_token_id)
        ids = library.Tensor(np.array([list(prompt)], dtype=np.int64))
        with self._step.taken(1):
            if self._pipeline is None:
                self._pipeline = _loaded(self.folder, self.turns.room, self.threads)
            return self._pipeline, self._pipeline.add_request(next(self._numbers), ids, settings)

    def _check_whole(self, asked: Any) -> None:
        if asked.get_status() == openvino()[1].GenerationStatus.IGNORED:
            raise self._fault("it has no memory left for it")

    def _fault(self, why: str) -> ModelUnavailable:
        return ModelUnavailable(
            f"OpenVINO can't go on with the answer ({why}).",
            self.folder.name,
            'Ask again; if it stays so, set `model.runtime = "transformers"` in bot.toml.',
        )

    def _go_on(self, pipeline: Any) -> None:
        try:
            pipeline.step()
        except (RuntimeError, MemoryError) as exc:
            if self._pipeline is pipeline:  # in whatever state: the next question starts anew
                self._pipeline = None
            raise self._fault(_last_line(exc)) from exc


def _loaded(folder: Path, room: int, threads: int) -> Any:
    _, genai = openvino()
    scheduler = genai.SchedulerConfig()
    scheduler.enable_prefix_caching = True
    scheduler.num_kv_blocks = -(-room // BLOCK) + ASKERS  # each asker's last block is part empty
    scheduler.max_num_seqs = ASKERS
    scheduler.max_num_batched_tokens = _step(folder)
    properties = {"INFERENCE_NUM_THREADS": threads or usable_cores()}
    try:
        return genai.ContinuousBatchingPipeline(str(folder), scheduler, "CPU", properties)
    except RuntimeError as exc:
        raise ModelUnavailable(
            "OpenVINO can't load the model.",
            str(folder),
            'Set `model.runtime = "transformers"` in bot.toml.',
        ) from exc


def _step(folder: Path) -> int:
    size = sum(file.stat().st_size for file in folder.glob("*.bin"))
    return max(SLOWEST_STEP, min(STEP, STEP * STEP_BYTES // max(1, size)))


def _last_line(fault: Exception) -> str:
    return (str(fault).strip().splitlines() or [type(fault).__name__])[-1][:200]


def _runs(asked: Any) -> bool:
    running: bool = asked.get_status() == openvino()[1].GenerationStatus.RUNNING
    return running


def _read(asked: Any) -> list[int]:
    found: list[int] = []
    while asked.can_read():
        for part in asked.read().values():
            found += part.generated_ids
    return found

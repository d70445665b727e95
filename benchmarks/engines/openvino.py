"""The merged model in OpenVINO GenAI, read from GGUF: all askers in common batches, and the
beginnings that prompts share computed once."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Generator, Sequence
from contextlib import suppress

from benchmarks.engines.engine import TokenEngine, Tuned, require


def open_int8(tuned: Tuned) -> TokenEngine:
    """Weights in 8 bits by blocks of 32, as in the GGUF file."""
    require("openvino_genai")
    import numpy as np
    import openvino
    import openvino_genai as genai

    scheduler = genai.SchedulerConfig()
    scheduler.enable_prefix_caching = True
    model = genai.ContinuousBatchingPipeline(
        str(tuned.gguf), scheduler, "CPU", {"INFERENCE_NUM_THREADS": tuned.threads}
    )
    tokenizer = tuned.tokenizer()
    numbers = itertools.count()
    turn = threading.Lock()

    def tokens(prompt: Sequence[int], max_tokens: int) -> Generator[int]:
        """Greedily, a step for all askers at a time; who leaves stops the work."""
        settings = genai.GenerationConfig()
        settings.max_new_tokens = max_tokens
        settings.do_sample = False
        settings.eos_token_id = tokenizer.eos_token_id
        ids = openvino.Tensor(np.array([list(prompt)], dtype=np.int64))
        with turn:
            asked = model.add_request(next(numbers), ids, settings)
        try:
            while True:
                with turn:  # whoever waits for a token goes a step on for all
                    running = asked.get_status() == genai.GenerationStatus.RUNNING
                    if running and not asked.can_read():
                        model.step()
                    fresh = [t for t in _read(asked) if t != tokenizer.eos_token_id]
                yield from fresh
                if not running:
                    return
        finally:
            with suppress(RuntimeError):
                asked.stop()

    return TokenEngine(tokenizer, tokens)


def _read(asked: object) -> list[int]:
    found: list[int] = []
    while asked.can_read():  # type: ignore[attr-defined]
        for part in asked.read().values():  # type: ignore[attr-defined]
            found += part.generated_ids
    return found

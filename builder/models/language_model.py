"""A language model that continues prompts: batched, or streaming one answer."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from typing import Any

from builder.models import nf4
from builder.models.catalog import ModelSource
from builder.models.completion import Completion
from builder.models.prefixes import Prefixes
from builder.models.tuned import load_tuned
from builder.models.turns import Turns

BATCH_TOKENS = 4096  # prompt tokens of one batch: bounds the memory of attention and cache


def load_tokenizer(source: ModelSource) -> Any:
    """The model's tokenizer; raises ModelUnavailable when it has no chat template."""
    from transformers import AutoTokenizer

    from builder.errors import ModelUnavailable

    try:
        tokenizer = AutoTokenizer.from_pretrained(source.location, trust_remote_code=False)
    except (OSError, ValueError) as exc:
        raise ModelUnavailable(
            "the model can't be loaded (not a local folder, and not found on the hub).",
            source.name,
            'Correct `model.name` in bot.toml, or use "embedded".',
        ) from exc
    if not tokenizer.chat_template:
        raise ModelUnavailable(
            "it has no chat template, so it is not a chat model.",
            source.name,
            "Name an instruction-tuned model in bot.toml.",
        )
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token
    return tokenizer


class LanguageModel:
    """A model ready to answer; one generation at a time, first come, first served."""

    def __init__(self, tokenizer: Any, model: Any) -> None:
        self.tokenizer = tokenizer
        self.model = model
        self._turns = Turns(1)
        self._prefixes = Prefixes(model)

    @classmethod
    def load(cls, source: ModelSource, device: str, adapter: Path | None = None) -> LanguageModel:
        """The base model in its 4-bit numbers, with `adapter` merged into them if given."""
        tokenizer = load_tokenizer(source)
        if adapter is not None:
            return cls(tokenizer, load_tuned(source, device, adapter).eval())
        if device == "cuda":
            model = nf4.load_packed(source, device)
        else:
            model = nf4.load_unpacked(source, device)
        return cls(tokenizer, model.eval())

    def close(self) -> None:
        """Nothing to end: its memory goes with it."""

    def complete(self, prompts: Sequence[Sequence[int]], max_tokens: int) -> list[Completion]:
        """Greedy continuations, in the prompts' order."""
        order = sorted(range(len(prompts)), key=lambda i: len(prompts[i]))
        out: dict[int, Completion] = {}
        for batch in _batches(order, prompts):
            with self._turns.taken(1):
                texts = self._generate([prompts[i] for i in batch], max_tokens)
            out.update(zip(batch, texts, strict=True))
        return [out[i] for i in range(len(prompts))]

    def _generate(self, prompts: list[Sequence[int]], max_tokens: int) -> list[Completion]:
        import torch

        width = max(len(prompt) for prompt in prompts)
        pad = self.tokenizer.pad_token_id
        with torch.inference_mode():
            begun = self._prefixes.beginning(prompts)
            start = len(begun.ids)  # what fills up a row stands between the beginning and the rest
            gaps = [width - len(prompt) for prompt in prompts]
            rows = [
                [*p[:start], *[pad] * gap, *p[start:]] for p, gap in zip(prompts, gaps, strict=True)
            ]
            mask = [[1] * start + [0] * gap + [1] * (width - start - gap) for gap in gaps]
            out = self.model.generate(
                input_ids=torch.tensor(rows, device=self.model.device),
                attention_mask=torch.tensor(mask, device=self.model.device),
                past_key_values=begun.copied(len(prompts)),
                **self._limits(max_tokens),
            )
        return [self._completion(row[width:].tolist()) for row in out]

    def _completion(self, ids: list[int]) -> Completion:
        end = self.tokenizer.eos_token_id
        length = ids.index(end) + 1 if end in ids else len(ids)
        text = self.tokenizer.decode(ids[:length], skip_special_tokens=True)
        return Completion(text.strip(), length)

    def stream(self, prompt: Sequence[int], max_tokens: int) -> Generator[str]:
        """Pieces of one continuation as they come; closing the iterator stops the work."""
        import torch
        from transformers import StoppingCriteria, StoppingCriteriaList, TextIteratorStreamer

        cancelled = threading.Event()

        class Cancelled(StoppingCriteria):
            def __call__(self, input_ids: Any, scores: Any, **_: Any) -> Any:  # noqa: ARG002
                return torch.full(
                    (input_ids.shape[0],), cancelled.is_set(), device=input_ids.device
                )

        streamer = TextIteratorStreamer(
            self.tokenizer, skip_prompt=True, timeout=600, skip_special_tokens=True
        )
        ids = torch.tensor([list(prompt)]).to(self.model.device)
        failures: list[Exception] = []

        def work() -> None:
            """Write into the streamer; what fails is kept for the reader."""
            try:
                with torch.inference_mode():
                    self.model.generate(
                        input_ids=ids,
                        attention_mask=torch.ones_like(ids),
                        past_key_values=self._prefixes.beginning([prompt]).copied(1),
                        streamer=streamer,
                        stopping_criteria=StoppingCriteriaList([Cancelled()]),
                        **self._limits(max_tokens),
                    )
            except Exception as exc:
                failures.append(exc)  # for the reader, in the reader's thread
            finally:
                streamer.end()  # a failed generation must not leave the reader waiting

        thread = threading.Thread(target=work, daemon=True)
        with self._turns.taken(1):
            thread.start()
            try:
                yield from streamer
            finally:
                cancelled.set()
                thread.join()
        if failures:
            raise failures[0]

    def _limits(self, max_tokens: int) -> dict[str, Any]:
        return {
            "max_new_tokens": max_tokens,
            "do_sample": False,
            "pad_token_id": self.tokenizer.pad_token_id,
            "eos_token_id": self.tokenizer.eos_token_id,
        }


def _batches(order: list[int], prompts: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    batch: list[int] = []
    for index in order:  # ascending length: the last one is the widest
        if batch and len(prompts[index]) * (len(batch) + 1) > BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch

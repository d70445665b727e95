"""A larger model that reads the passages before the bot answers: a reason more to answer or not.

Evidence from retrieval can't tell a passage that answers from one about the same thing; only
reading can. The embedded models are too small for it (`python -m benchmarks.refusing`).
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from builder.errors import ConfigError, ModelUnavailable
from builder.prompt import without_marks, without_turns
from builder.records import Passage
from builder.text.injections import without_instructions

Reader = Callable[[str, Sequence[Passage]], float]
"""(question, passages) → log-odds (nats) that the passages state its answer."""
MAX_CHARACTERS = 1400
"""Of each passage."""
REMEMBERED = 512
"""Questions whose reading is kept: an evaluation asks each in several arms."""
ASKED = (
    "Passages:\n{passages}\n\nQuestion: {question}\n\n"
    "Do these passages state the answer to exactly this question? Reply with Yes or No only."
)
_WORDS = (("Yes", "yes", " Yes", " yes"), ("No", "no", " No", " no"))


def open_reader(name: str, device: str) -> Reader | None:
    """The reader of that name (hub id or a local folder of a chat model); None without a name.

    Raises ModelUnavailable where it can't be loaded, ConfigError where it can't be asked.
    """
    if not name:
        return None
    tokenizer, model = _load(name, device)
    both = [_first_tokens(tokenizer, words) for words in _WORDS]
    yes, no = both[0] - both[1], both[1] - both[0]
    if not (tokenizer.chat_template and yes and no):
        raise ConfigError(
            "this model can't be asked for yes or no.",
            name,
            "Name a chat model in `answer.reader`.",
        )
    one_at_a_time = threading.Lock()

    @lru_cache(maxsize=REMEMBERED)
    def odds(asked: str) -> float:
        """Log-odds of yes to this prompt; against an answer where they are no number."""
        import torch

        ids = tokenizer.apply_chat_template(
            [{"role": "user", "content": without_marks(tokenizer, without_turns(asked))}],
            add_generation_prompt=True,
            return_tensors="pt",
            return_dict=True,
        )["input_ids"].to(device)
        with one_at_a_time, torch.inference_mode():
            logits = model(ids, logits_to_keep=1).logits[0, -1].float()
        found = float(logits[sorted(yes)].logsumexp(0) - logits[sorted(no)].logsumexp(0))
        return found if math.isfinite(found) else -math.inf

    return lambda question, passages: odds(_asked(question, passages))


def _asked(question: str, passages: Sequence[Passage]) -> str:
    told = [
        f"[{number}] {passage.chunk.title}\n"
        + without_instructions(passage.chunk.model_text)[:MAX_CHARACTERS]
        for number, passage in enumerate(passages, 1)
    ]
    return ASKED.format(passages="\n\n".join(told), question=question)


def _first_tokens(tokenizer: Any, words: Sequence[str]) -> set[int]:
    encoded = (tokenizer(word, add_special_tokens=False)["input_ids"] for word in words)
    return {ids[0] for ids in encoded if ids}


@lru_cache(maxsize=1)
def _load(name: str, device: str) -> tuple[Any, Any]:
    from transformers import AutoModelForCausalLM, AutoTokenizer

    from builder.models.devices import compute_dtype
    from builder.models.quiet import quiet_transformers

    quiet_transformers()
    try:
        tokenizer = AutoTokenizer.from_pretrained(name, trust_remote_code=False)
        model: Any = AutoModelForCausalLM.from_pretrained(
            name, trust_remote_code=False, use_safetensors=True, dtype=compute_dtype(device)
        )
    except (OSError, ValueError) as exc:
        raise ModelUnavailable(
            f"the reader can't be loaded ({type(exc).__name__}).", name, "Check `answer.reader`."
        ) from exc
    return tokenizer, model.to(device).eval()

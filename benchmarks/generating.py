"""Generated tokens a second of the embedded model: `python -m benchmarks.generating`."""

from __future__ import annotations

import time

from benchmarks.corpus import say
from builder.models.catalog import language_model
from builder.models.devices import pick_device
from builder.models.language_model import LanguageModel
from builder.prompt import Asked, Persona, encode

TOKENS = 64
SUBJECTS = ("paper", "iron", "tea", "rice", "glass", "steel", "salt", "wool")


def main() -> None:
    """The same prompts alone and in batches; the first batch warms up."""
    model = LanguageModel.load(language_model("embedded", say), pick_device("auto"))
    speaker = Persona("Guide", "explain things at length")
    prompts = [
        encode(model.tokenizer, speaker, Asked(f"Write a long text about {name}.")).ids
        for name in SUBJECTS
    ]
    model.complete(prompts[:1], 8)
    print("| askers | tokens | seconds | tokens/s |\n| --- | --- | --- | --- |")
    for count in (1, 2, 4, 8):
        began = time.perf_counter()
        made = sum(c.tokens for c in model.complete(prompts[:count], TOKENS))
        spent = time.perf_counter() - began
        print(f"| {count} | {made} | {spent:.1f} | {made / spent:.1f} |", flush=True)


if __name__ == "__main__":
    main()

"""The merged model in CTranslate2; the beginning that all prompts share is computed once."""

from __future__ import annotations

from collections.abc import Generator, Sequence

from benchmarks.engines.engine import TokenEngine, Tuned, require


def open_float32(tuned: Tuned) -> TokenEngine:
    """In 32 bits."""
    return _open(tuned, "float32")


def open_int8(tuned: Tuned) -> TokenEngine:
    """Weights and what goes into the products in 8 bits."""
    return _open(tuned, "int8")


def _open(tuned: Tuned, numbers: str) -> TokenEngine:
    require("ctranslate2")
    import ctranslate2
    from ctranslate2.converters import TransformersConverter

    folder = tuned.scratch / f"ctranslate2-{numbers}"
    TransformersConverter(str(tuned.merged)).convert(str(folder), quantization=numbers)
    model = ctranslate2.Generator(
        str(folder), "cpu", compute_type=numbers, intra_threads=tuned.threads
    )
    tokenizer = tuned.tokenizer()

    def tokens(prompt: Sequence[int], max_tokens: int) -> Generator[int]:
        """Greedily, one at a time, behind the beginning that is computed already."""
        names = tokenizer.convert_ids_to_tokens(list(prompt))
        for step in model.generate_tokens(
            names[tuned.prefix :],
            static_prompt=names[: tuned.prefix],
            max_length=max_tokens,
            end_token=[tokenizer.eos_token_id],
        ):
            if step.token_id != tokenizer.eos_token_id:
                yield step.token_id

    return TokenEngine(tokenizer, tokens)

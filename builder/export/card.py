"""The model card that travels with an adapter: what it is, how it was made and how to load it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Literal

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|!~])")
_LICENCE_NOTES = {
    "apache-2.0": "The base model is under the Apache License 2.0: keep its notice when you pass "
    "the weights on.",
    "gemma": "The base model is under Google's Gemma Terms of Use, which bind the adapter's users "
    "too: pass them on with the weights.",
}


@dataclass(frozen=True, slots=True)
class AdapterCard:
    """What has to be known about an adapter."""

    bot_name: str
    base_model: str
    """Hub id of the model that the adapter belongs to: `HuggingFaceTB/SmolLM2-135M-Instruct`."""
    base_licence: str
    """SPDX id or the licence's short name: `Apache-2.0`, `gemma`."""
    base_hash: str = ""
    """SHA-256 (hex) of the base weights that the adapter was trained on."""
    quantization: Literal["nf4", "none"] = "nf4"
    """How the base was held in training."""
    created: str = ""
    """UTC, ISO 8601."""
    languages: tuple[str, ...] = ()
    """ISO 639-1."""
    data_hashes: tuple[tuple[str, str], ...] = ()
    """(file, SHA-256 in hex) of what it was trained and chosen on."""
    settings: tuple[tuple[str, str], ...] = ()
    """(setting, value) of the training."""
    results: tuple[tuple[str, str], ...] = ()
    """(measure, value) of the evaluation."""
    prompt_example: str = ""
    """One rendered prompt, as in training: served in another form, the adapter is worth little."""
    notes: tuple[str, ...] = ()


def render(card: AdapterCard) -> str:
    """The card as Markdown with the front matter that the Hugging Face hub reads.

    Everything that comes from outside is escaped: a bot's name can't add markup or front matter.
    """
    sections = [
        _front_matter(card),
        f"# Adapter of {plain(card.bot_name)}\n\n"
        f"A LoRA adapter for {_code(card.base_model)}, trained by Monoshiri on one company's "
        "documents. It was trained to answer from passages in the prompt: used without "
        "retrieval, it may state things that the documents don't say.",
        _loading(card),
        fenced("Prompt", card.prompt_example),
        rows_table("Results", ("Measure", "Value"), card.results),
        rows_table("Settings", ("Setting", "Value"), card.settings),
        rows_table("Data (SHA-256)", ("File", "Hash"), card.data_hashes),
        licence_text(card),
        _bullets("Notes", card.notes),
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def _front_matter(card: AdapterCard) -> str:
    # JSON strings are YAML strings, so no value can break out of its place.
    lines = [
        "---",
        f"base_model: {json.dumps(card.base_model)}",
        "library_name: peft",
        'tags: ["lora", "monoshiri", "text-generation"]',
    ]
    if card.languages:
        lines.append(f"language: {json.dumps(list(card.languages))}")
    if card.base_licence:
        lines.append(f"license: {json.dumps(card.base_licence.lower())}")
    return "\n".join([*lines, "---"])


def _loading(card: AdapterCard) -> str:
    base = json.dumps(card.base_model)
    if card.quantization == "none":
        arguments, imports, why = "", "AutoModelForCausalLM, AutoTokenizer", ""
    else:
        imports = "AutoModelForCausalLM, AutoTokenizer, BitsAndBytesConfig"
        arguments = (
            "    quantization_config=BitsAndBytesConfig(\n"
            '        load_in_4bit=True, bnb_4bit_quant_type="nf4",\n'
            "        bnb_4bit_compute_dtype=torch.bfloat16,\n"
            "    ),\n"
        )
        why = (
            "\n\nThe base was held in 4 bits (NF4) in training, so the adapter also makes up for "
            "that rounding. Load the base in NF4 as above. To merge, dequantize that NF4 base "
            "(`base.dequantize(dtype=torch.bfloat16)`), put the adapter on it and merge there; "
            "merged into the original full-precision weights, it answers clearly worse."
        )
    code = (
        f"import torch\nfrom peft import PeftModel\nfrom transformers import {imports}\n\n"
        f"base = AutoModelForCausalLM.from_pretrained(\n    {base},\n    dtype=torch.bfloat16,\n"
        f"{arguments})\n"
        f"tokenizer = AutoTokenizer.from_pretrained({base})\n"
        'model = PeftModel.from_pretrained(base, "path/to/this/folder")'
    )
    exact = (
        f"\n\nSHA-256 of the base weights it was trained on: {_code(card.base_hash)}"
        if card.base_hash
        else ""
    )
    return f"## Load it\n\n```python\n{code}\n```{why}{exact}"


def licence_text(card: AdapterCard) -> str:
    """The section on the base model's licence, and whose the weights are."""
    name = card.base_licence or "unknown"
    note = _LICENCE_NOTES.get(
        name.lower(), "Read the base model's licence before you pass the weights on."
    )
    return (
        f"## Licence\n\nBase model {_code(card.base_model)}: {plain(name)}. {note}\n\n"
        "The adapter was made from the company's own documents and belongs to their owner. Share "
        "it only with people who may read all of them: weights can be made to repeat their text."
    )


def rows_table(title: str, head: tuple[str, str], rows: tuple[tuple[str, str], ...]) -> str:
    """A section with a table; empty without rows."""
    if not rows:
        return ""
    lines = [f"| {head[0]} | {head[1]} |", "| --- | --- |"]
    lines += [f"| {plain(name)} | {plain(value)} |" for name, value in rows]
    return f"## {title}\n\n" + "\n".join(lines)


def _bullets(title: str, items: tuple[str, ...]) -> str:
    return f"## {title}\n\n" + "\n".join(f"- {plain(item)}" for item in items) if items else ""


def fenced(title: str, text: str) -> str:
    """A section with a text as it is, whatever marks it holds; empty without one."""
    if not text:
        return ""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"## {title}\n\n{fence}text\n{text}\n{fence}"


def plain(value: str) -> str:
    """One line of plain text, whatever Markdown or HTML the value holds."""
    return _SPECIAL.sub(r"\\\1", " ".join(value.split()))


def _code(value: str) -> str:
    return "`" + " ".join(value.replace("`", "'").split()) + "`"

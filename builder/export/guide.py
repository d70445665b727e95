"""README and Modelfile of a merged model: what it is, and how others serve it."""

from __future__ import annotations

import json

from builder.export.card import AdapterCard, fenced, licence_text, plain, rows_table
from builder.export.merging import GGUF_NAME
from builder.export.parity import Parity

_CHATML = "<|im_start|>"
_MODELFILE = """FROM ./{file}
PARAMETER temperature 0
{template}"""
_CHATML_TEMPLATE = '''TEMPLATE """{{- range .Messages }}<|im_start|>{{ .Role }}
{{ .Content }}<|im_end|>
{{ end }}<|im_start|>assistant
"""
PARAMETER stop <|im_end|>
'''


def merged_readme(card: AdapterCard, found: Parity, *, gguf: bool) -> str:
    """The card of a merged model as Markdown."""
    sections = [
        _front(card, gguf=gguf),
        f"# {plain(card.bot_name)}, merged\n\nThe adapter of {plain(card.bot_name)} merged into "
        f"`{card.base_model}`"
        + (" through 4 bits and back, the numbers that it was trained on." if _nf4(card) else ".")
        + " It was trained to answer from passages in the prompt: used without retrieval, it may "
        "state things that the documents don't say.",
        _serving(gguf=gguf),
        fenced("Prompt", card.prompt_example),
        rows_table("Parity with the trained model", ("Measure", "Value"), found.rows()),
        rows_table("Results", ("Measure", "Value"), card.results),
        licence_text(card),
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def modelfile(chat_template: str) -> str:
    """Ollama's Modelfile. The template is written out where it is ChatML; otherwise Ollama takes
    the one in the GGUF file, where it knows it."""
    template = _CHATML_TEMPLATE if _CHATML in chat_template else ""
    return _MODELFILE.format(file=GGUF_NAME, template=template)


def _nf4(card: AdapterCard) -> bool:
    return card.quantization == "nf4"


def _front(card: AdapterCard, *, gguf: bool) -> str:
    lines = [
        "---",
        f"base_model: {json.dumps(card.base_model)}",
        f"library_name: {'gguf' if gguf else 'transformers'}",
        'tags: ["monoshiri", "text-generation"]',
    ]
    if card.base_licence:
        lines.append(f"license: {json.dumps(card.base_licence.lower())}")
    return "\n".join([*lines, "---"])


def _serving(*, gguf: bool) -> str:
    if gguf:
        commands = (
            "ollama create my-bot -f Modelfile && ollama run my-bot\n"
            f"llama-server -m {GGUF_NAME} --port 8080"
        )
    else:
        commands = "vllm serve path/to/this/folder --served-model-name my-bot --port 8080"
    return (
        f"## Serve it\n\n```sh\n{commands}\n```\n\nAsk it with temperature 0 and the prompt below, "
        "passages included: in another form it is worth little."
    )

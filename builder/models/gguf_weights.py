"""A GGUF file as a plain Transformers folder.

Transformers 5 keeps GGUF weights packed and can then neither save, dequantize nor quantize them to
NF4. So they are loaded once, put into a fresh model of the same configuration, and saved.
"""

from __future__ import annotations

import contextlib
import io
from pathlib import Path


def convert(packed: Path, folder: Path) -> None:
    """Write `packed` (GGUF) as a Transformers folder in bf16, with its tokenizer."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    from builder.models.quiet import quiet_transformers

    quiet_transformers()
    where = {"pretrained_model_name_or_path": str(packed.parent), "gguf_file": packed.name}
    with contextlib.redirect_stderr(io.StringIO()):  # its progress bar has no switch
        tokenizer = AutoTokenizer.from_pretrained(**where)
        loaded = AutoModelForCausalLM.from_pretrained(**where, dtype=torch.float32)
    config = loaded.config
    if hasattr(config, "quantization_config"):
        del config.quantization_config
    plain = AutoModelForCausalLM.from_config(config, dtype=torch.float32)
    plain.load_state_dict(loaded.state_dict())
    plain.tie_weights()
    plain.to(torch.bfloat16).save_pretrained(folder)
    tokenizer.save_pretrained(folder)

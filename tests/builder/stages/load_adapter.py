"""What an engineer writes who takes the adapter away: base and adapter folder → greedy tokens.

Knows nothing of Monoshiri.
"""

from __future__ import annotations

import json
import sys

import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer, BitsAndBytesConfig

base_folder, adapter_folder, prompt = sys.argv[1:]
torch.set_num_threads(1)
base = AutoModelForCausalLM.from_pretrained(
    base_folder,
    dtype=torch.float32,
    quantization_config=BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=torch.float32,
    ),
)
model = PeftModel.from_pretrained(base, adapter_folder).eval()
tokenizer = AutoTokenizer.from_pretrained(adapter_folder)
ids = tokenizer(prompt, return_tensors="pt", add_special_tokens=False)
with torch.no_grad():
    out = model.generate(**ids, max_new_tokens=16, do_sample=False)
print(json.dumps(out[0, ids["input_ids"].shape[1] :].tolist()))  # noqa: T201

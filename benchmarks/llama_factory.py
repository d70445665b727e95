"""LLaMA-Factory's training, run with the Python of a virtual environment that has it.

It pins other versions of Transformers, PEFT and TRL than ours. It gets our token ids and labels
(`tokenized_path`), so that its templates render nothing. Padding (batches of two, to a multiple of
8), the shuffle and the attention (SDPA) are its defaults; it doesn't pack rows either unless asked.
"""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from builder.config import TrainingSection
from builder.models.catalog import ModelSource
from builder.models.language_model import load_tokenizer
from builder.models.nf4 import load_plain, load_unpacked

SCRIPT = """
from llamafactory.train.tuner import run_exp
run_exp()
print(open("/proc/self/status").read().split("VmHWM:")[1].split()[0])
"""
"""What `llamafactory-cli train` calls, and the process's own peak of memory in KiB."""
OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "WANDB_DISABLED": "true",
    "LLAMAFACTORY_VERBOSITY": "WARN",
}


@dataclass(frozen=True, slots=True)
class Job:
    """What to train on, and where to write."""

    source: ModelSource
    rows: list[dict[str, list[int]]]
    """input_ids and labels of each answer."""
    settings: TrainingSection
    answers_a_step: int
    scratch: Path
    packed: bool
    """Whether the linear layers stay in 4 bits (its `quantization_bit`), instead of being unpacked
    once into the numbers that the 4 bits stand for, as ours and TRL's are on a CPU."""

    @property
    def tokens(self) -> int:
        """Of all rows, without padding."""
        return sum(len(row["input_ids"]) for row in self.rows)


@dataclass(frozen=True, slots=True)
class Learnt:
    """What it wrote and what that took."""

    adapter: Path
    seconds: float
    """Of training alone."""
    memory: float
    """Peak of its process, GB as in the other rows."""


def train(python: str, job: Job) -> Learnt:
    """One pass over the rows; raises RuntimeError when it fails or hasn't seen every token."""
    from datasets import Dataset, disable_progress_bars

    disable_progress_bars()
    rows = [{**row, "attention_mask": [1] * len(row["input_ids"])} for row in job.rows]
    Dataset.from_list(rows).save_to_disk(str(job.scratch / "rows"))
    _write_model(job, job.scratch / "model")
    written = job.scratch / "adapter"
    options = job.scratch / "train.yaml"
    options.write_text(json.dumps(_options(job, written)), "utf-8")  # JSON is YAML
    ended = subprocess.run(
        [python, "-W", "ignore", "-c", SCRIPT, str(options)],
        env={**os.environ, **OFFLINE},
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode:
        raise RuntimeError(f"LLaMA-Factory failed:\n{ended.stderr[-2000:]}")
    seen = json.loads((written / "trainer_state.json").read_text("utf-8"))["num_input_tokens_seen"]
    if seen != job.tokens:
        raise RuntimeError(f"LLaMA-Factory has seen {seen} tokens of {job.tokens}.")
    results = json.loads((written / "train_results.json").read_text("utf-8"))
    return Learnt(written, results["train_runtime"], int(ended.stdout.split()[-1]) / 1e6)


def trained(job: Job, learnt: Learnt) -> Any:
    """The base on its 4-bit numbers with the adapter that was learnt beside it."""
    from peft import PeftModel

    return PeftModel.from_pretrained(load_unpacked(job.source, "cpu"), str(learnt.adapter))


def _write_model(job: Job, folder: Path) -> None:
    """The weights in fp32, with the tokenizer. LLaMA-Factory computes in the numbers of the file,
    which would be bf16 for the embedded model, and ours and TRL's wouldn't be the same."""
    load = load_plain if job.packed else load_unpacked
    load(job.source, "cpu").save_pretrained(folder)
    load_tokenizer(job.source).save_pretrained(folder)


def _options(job: Job, written: Path) -> dict[str, object]:
    settings = job.settings
    longest = max(len(row["input_ids"]) for row in job.rows)
    bits = {"quantization_bit": 4, "quantization_type": "nf4", "double_quantization": True}
    return {
        "model_name_or_path": str(job.scratch / "model"),
        **(bits if job.packed else {}),
        "infer_dtype": "float32",
        "stage": "sft",
        "do_train": True,
        "finetuning_type": "lora",
        "lora_rank": settings.rank,
        "lora_alpha": settings.alpha or 2 * settings.rank,
        "lora_dropout": settings.dropout,
        "lora_target": "all",
        "dataset": "rows",  # it asks for a name, though it reads the next line's folder
        "tokenized_path": str(job.scratch / "rows"),
        "template": "smollm2",
        "cutoff_len": longest,
        "output_dir": str(written),
        "per_device_train_batch_size": 2,
        "gradient_accumulation_steps": job.answers_a_step // 2,
        "disable_gradient_checkpointing": True,
        "learning_rate": settings.learning_rate,
        "lr_scheduler_type": "linear",
        "warmup_steps": 0,
        "num_train_epochs": 1,
        "seed": settings.seed,
        "use_cpu": True,
        "bf16": False,
        "fp16": False,
        "report_to": "none",
        "save_strategy": "no",
        "logging_strategy": "no",
        "disable_tqdm": True,
        "include_num_input_tokens_seen": "non_padding",
    }

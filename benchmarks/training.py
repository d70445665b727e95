"""Training speed beside others: `python -m benchmarks.training BOT [PAIRS [PYTHON]]`.

Beside plain TRL, and LLaMA-Factory where PYTHON, of a virtual environment of its own, has it. The
same pairs with the same retrieved passages, 4-bit model, rank, learning rate and number of answers
a step, one pass over the data. Each way runs in a process of its own, so that its peak
memory is its own. TRL and LLaMA-Factory get one row a question, ours one tree a set of passages.

LLaMA-Factory is measured on the 4-bit numbers unpacked once, which ours and TRL also compute with
on a CPU, and as its users would have it, with the weights kept in 4 bits.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import llama_factory
from builder.config import load_config
from builder.models.catalog import language_model
from builder.models.devices import pick_device
from builder.models.language_model import load_tokenizer
from builder.prompt import Persona
from builder.stages.context import Context
from builder.stages.generating import pairs_of, retrieved
from builder.stages.preparing import all_chunks
from builder.training.examples import Mix, make_bundles
from builder.training.loop import Run, train
from builder.training.methods import load_trainable
from builder.training.packing import Branch, Tree, answer_loss, encode_bundle, fit, pack
from builder.training.recipe import filled_in
from builder.workspace import Workspace

WAYS = ("monoshiri", "trl")
LLAMA_FACTORY = ("llama-factory", "llama-factory 4-bit")
ANSWERS_A_STEP = 8
HELD_OUT = 24
IGNORED = -100  # no loss on these tokens, by PyTorch's cross-entropy
WEIGHTS = 135_000_000  # of the embedded model


class Quiet:
    """A stage's voice that says nothing."""

    def say(self, text: str) -> None:
        """Nothing."""

    def progress(self, text: str) -> None:
        """Nothing."""


def main(bot: str, pairs: int, python: str) -> None:
    """Run each way and print the table; `python`: one that has LLaMA-Factory, or empty."""
    if not python:
        print("LLaMA-Factory is left out: no Python that has it was named.", file=sys.stderr)
    print("| way | seconds | tokens/s | answer tokens/s | held-out loss | peak memory GB |")
    print("| --- | --- | --- | --- | --- | --- |")
    for way in (*WAYS, *LLAMA_FACTORY) if python else WAYS:
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.training", bot, str(pairs), python, way],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        text = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        if status:  # it has said why on stderr
            print(f"| {way} | failed | | | | |", flush=True)
            continue
        row = json.loads(text.strip().splitlines()[-1])
        print(
            f"| {way} | {row['seconds']:.0f} | {row['tokens'] / row['seconds']:.0f} "
            f"| {row['answers'] / row['seconds']:.1f} | {row['loss']:.3f} "
            f"| {row.get('memory', used.ru_maxrss / 1e6):.2f} |",
            flush=True,
        )


def run_way(bot: str, pairs: int, python: str, way: str) -> dict[str, float]:
    """Train once; seconds of training alone, tokens computed, answer tokens learned, loss, and
    peak memory where the training's process is another one than this."""
    workspace = Workspace(Path(bot))
    context = Context(workspace, load_config(workspace.config), Quiet())
    source = language_model(context.config.model.name, Quiet().say)
    tokenizer = load_tokenizer(source)
    learnt, held_out = _trees(context, tokenizer, pairs)
    settings = filled_in(context.config.training, pairs, WEIGHTS, adapter=True)
    answers = sum(tree.answer_tokens for tree in learnt)
    if way in LLAMA_FACTORY:
        with tempfile.TemporaryDirectory() as scratch:
            job = llama_factory.Job(
                source, _rows(learnt), settings, ANSWERS_A_STEP, Path(scratch), "4-bit" in way
            )
            done = llama_factory.train(python, job)
            model = llama_factory.trained(job, done)
        took = {"seconds": done.seconds, "tokens": job.tokens, "memory": done.memory}
    else:
        model = load_trainable(source, pick_device("cpu"), settings)
        trainer = _ours if way == "monoshiri" else _trl
        seconds, tokens = trainer(model, tokenizer, learnt, settings)
        took = {"seconds": seconds, "tokens": tokens}
    return {**took, "answers": answers, "loss": _loss(model, held_out)}


def _trees(context: Context, tokenizer: Any, pairs: int) -> tuple[list[Tree], list[Tree]]:
    chunks = {chunk.id: chunk for chunk in all_chunks(context)}
    found = retrieved(context)
    usable = [p for p in pairs_of(context, "train") if p.language == "en"][: pairs + HELD_OUT]
    config = context.config
    mix = Mix(config.retrieval.passages, 8, 0.0, 7)
    speaker = Persona(config.bot.name, config.bot.purpose)

    def trees(some: list[Any]) -> list[Tree]:
        bundles = make_bundles(
            some, chunks, lambda p: [chunks[i] for i in found.get(p.id, ())], mix
        )
        encoded = (encode_bundle(tokenizer, speaker, bundle) for bundle in bundles)
        return list(fit(encoded, config.training.micro_batch_tokens))

    return trees(usable[:pairs]), trees(usable[pairs:])


def _ours(model: Any, _tokenizer: Any, trees: list[Tree], settings: Any) -> tuple[float, int]:
    tokens = sum(len(tree) for tree in trees)
    answers = sum(len(tree.branches) for tree in trees)
    one_pass = settings.model_copy(
        update={
            "epochs": 1.0,
            "max_minutes": 1e6,
            "batch_tokens": max(1, round(tokens * ANSWERS_A_STEP / answers)),
        }
    )
    with tempfile.TemporaryDirectory() as scratch:
        run = Run(trees, [], Path(scratch), "benchmark", "cpu")
        trained = train(model, run, one_pass, lambda _: None)
    return trained.state.seconds, trained.state.tokens


def _trl(model: Any, tokenizer: Any, trees: list[Tree], settings: Any) -> tuple[float, int]:
    from datasets import Dataset
    from trl import SFTConfig, SFTTrainer

    rows = _rows(trees)
    with tempfile.TemporaryDirectory() as scratch:
        trainer = SFTTrainer(
            model=model,
            processing_class=tokenizer,
            train_dataset=Dataset.from_list(rows),
            args=SFTConfig(
                output_dir=scratch,
                per_device_train_batch_size=2,
                gradient_accumulation_steps=ANSWERS_A_STEP // 2,
                gradient_checkpointing=False,
                learning_rate=settings.learning_rate,
                lr_scheduler_type="linear",
                num_train_epochs=1,
                max_length=None,
                use_cpu=True,
                bf16=False,
                report_to=[],
                save_strategy="no",
                logging_strategy="no",
                disable_tqdm=True,
                dataset_kwargs={"skip_prepare_dataset": True},
            ),
        )
        began = time.perf_counter()
        trainer.train()
        spent = time.perf_counter() - began
    return spent, sum(len(row["input_ids"]) for row in rows)


def _rows(trees: list[Tree]) -> list[dict[str, list[int]]]:
    return [_row(tree, branch) for tree in trees for branch in tree.branches]


def _row(tree: Tree, branch: Branch) -> dict[str, list[int]]:
    before = [*tree.prefix, *branch.question]
    return {
        "input_ids": [*before, *branch.answer],
        "labels": [IGNORED] * len(before) + [*branch.answer],
    }


def _loss(model: Any, trees: list[Tree]) -> float:
    import torch

    model.eval()
    with torch.no_grad():
        total = sum(float(answer_loss(model, pack(tree, "cpu"))) for tree in trees)
    return total / sum(tree.answer_tokens for tree in trees)


if __name__ == "__main__":
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 96
    named = sys.argv[3] if len(sys.argv) > 3 else ""
    if len(sys.argv) > 4:
        print(json.dumps(run_way(sys.argv[1], count, named, sys.argv[4])))
    else:
        main(sys.argv[1], count, named)

"""An adapter as a folder that PEFT, and what builds on it, loads: weights, configuration, card.

Only files known by name are copied. Pickled weights run code when they are loaded, so they are
neither written nor taken.
"""

from __future__ import annotations

import errno
import json
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from builder.errors import StageMissing, UsageError, WorkspaceError
from builder.export.card import AdapterCard, render
from builder.workspace import file_hash
from connectors.scratch import Scratch

WEIGHTS, CONFIG, CARD = "adapter_model.safetensors", "adapter_config.json", "README.md"
MARKER = "monoshiri-export.json"
"""Lists an export's files with their hashes: by it we know a folder for ours."""
TOKENIZER_FILES = (
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "chat_template.jinja",
    "vocab.json",
    "merges.txt",
    "tokenizer.model",
)
_PICKLED = "adapter_model.bin"


def export_adapter(adapter: Path, target: Path, card: AdapterCard) -> list[Path]:
    """Copy the adapter to the folder `target` with its model card; returns the files there.

    The folder appears complete or not at all. An earlier, unchanged export is replaced. Raises
    StageMissing without an adapter, WorkspaceError for damaged or pickled weights or a full disk,
    and UsageError when `target` holds anything else.
    """
    config = _check_adapter(adapter)
    return publish(adapter, target, lambda staged: _fill(adapter, staged, card, config))


def publish(adapter: Path, target: Path, fill: Callable[[Path], None]) -> list[Path]:
    """Have `fill` write an export into an empty folder, and put that in the place of `target`;
    returns the files there. What `fill` raises leaves `target` as it was; the rest is as in
    `export_adapter`."""
    target = target.resolve()
    _recover(target)
    _check_target(adapter.resolve(), target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with closing(Scratch("export", target.parent)) as made:
            staged = made.path / "export"
            staged.mkdir()
            fill(staged)
            _mark(staged)
            names = sorted(path.name for path in staged.iterdir())
            _swap(staged, target)
    except OSError as exc:
        full = exc.errno == errno.ENOSPC
        raise WorkspaceError(
            "the disk is full." if full else f"the export can't be written ({exc}).",
            str(target),
            "Free some space, or export to another folder; nothing was changed.",
        ) from exc
    return [target / name for name in names]


def _check_adapter(adapter: Path) -> dict[str, Any]:
    """The adapter's configuration; raises when the adapter can't be exported."""
    if (adapter / _PICKLED).exists():
        raise WorkspaceError(
            f"it holds pickled weights ({_PICKLED}), which can run code when they are loaded.",
            str(adapter),
            "Train again, or save the adapter as safetensors.",
        )
    for name in (WEIGHTS, CONFIG):
        if not (adapter / name).is_file():
            raise StageMissing(
                f"there is no adapter here ({name} is missing).",
                str(adapter),
                "Run `monoshiri train` first.",
            )
    _check_weights(adapter / WEIGHTS)
    try:
        config = json.loads((adapter / CONFIG).read_text(encoding="utf-8"))
    except ValueError as exc:
        raise _damaged(adapter / CONFIG, str(exc)) from exc
    if not isinstance(config, dict) or "peft_type" not in config:
        raise _damaged(adapter / CONFIG, "it is no PEFT configuration")
    return config


def _check_weights(path: Path) -> None:
    """Raise WorkspaceError unless the file really is safetensors, whatever its name says."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="numpy") as tensors:
            empty = not tensors.keys()
    except (SafetensorError, OSError) as exc:
        raise _damaged(path, str(exc)) from exc
    if empty:
        raise _damaged(path, "it holds no weights")


def _damaged(path: Path, why: str) -> WorkspaceError:
    return WorkspaceError(f"the file is damaged ({why}).", str(path), "Train the adapter again.")


def _check_target(adapter: Path, target: Path) -> None:
    if target == adapter or adapter in target.parents or target in adapter.parents:
        raise UsageError(
            "an adapter can't be exported into its own folder, or over the one that holds it.",
            str(target),
            "Name another folder.",
        )
    if not target.exists():
        return
    if not target.is_dir():
        raise UsageError("this is a file, not a folder.", str(target), "Name another folder.")
    if any(target.iterdir()):
        strange = _not_ours(target)
        if strange:
            raise UsageError(
                f"the folder holds what no export of ours put there: {strange}.",
                str(target),
                "Name an empty folder, or move this one away.",
            )


def _not_ours(target: Path) -> str:
    """Something in the folder that replacing it would lose; empty when there is nothing."""
    try:
        ours = json.loads((target / MARKER).read_text(encoding="utf-8"))["files"]
        hashes = {str(name): str(value) for name, value in ours.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return min(path.name for path in target.iterdir())
    for path in sorted(target.iterdir()):
        if path.name == MARKER:
            continue
        if path.is_symlink() or not path.is_file() or path.name not in hashes:
            return path.name
        if file_hash(path) != hashes[path.name]:
            return f"{path.name} (changed since)"
    return ""


def _fill(adapter: Path, staged: Path, card: AdapterCard, config: dict[str, Any]) -> None:
    for name in (WEIGHTS, *(name for name in TOKENIZER_FILES if (adapter / name).is_file())):
        shutil.copyfile(adapter / name, staged / name)
    # Training names the base by its folder on this machine: that helps nobody elsewhere, and tells
    # them a user's name.
    portable = {**config, "base_model_name_or_path": card.base_model}
    _write(staged / CONFIG, json.dumps(portable, indent=2, ensure_ascii=False) + "\n")
    _write(staged / CARD, render(card))


def _mark(staged: Path) -> None:
    files = {path.name: file_hash(path) for path in sorted(staged.iterdir())}
    _write(staged / MARKER, json.dumps({"made_by": "monoshiri", "files": files}, indent=2) + "\n")


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _swap(staged: Path, target: Path) -> None:
    """Put the staged folder in the target's place; on failure, the target is what it was."""
    aside = _aside(target)
    existed = target.exists()
    if existed:
        target.rename(aside)
    try:
        staged.rename(target)
    except OSError:
        if existed:
            aside.rename(target)
        raise
    if existed:
        shutil.rmtree(aside, ignore_errors=True)


def _aside(target: Path) -> Path:
    """Where the earlier export lies while it is replaced."""
    return target.with_name(f".{target.name}.before")


def _recover(target: Path) -> None:
    """Undo a replacing that was killed half-way. A folder of that name which is no export of ours
    stays as it is."""
    aside = _aside(target)
    if not aside.is_dir() or _not_ours(aside):
        return
    if target.exists():
        shutil.rmtree(aside)
    else:
        aside.rename(target)

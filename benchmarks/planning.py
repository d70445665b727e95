"""What `train --plan` says beside what `train` takes: seconds and peak memory.

`python -m benchmarks.planning BOT [KEY=VALUE…]` plans and trains a copy of the bot, each in a
process of its own, with settings of `[training]` put in: `max_minutes=2 patience=0`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import tomlkit


def main(bot: str, settings: list[str]) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "bot"
        shutil.copytree(bot, copy, ignore=shutil.ignore_patterns("v[0-9]*", ".run", "bot.db"))
        (copy / "manifests" / "train.json").unlink(missing_ok=True)
        _put_in(copy / "bot.toml", settings)
        said = subprocess.run(
            [sys.executable, "-m", "builder.cli", "train", str(copy), "--plan"],
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        ).stdout
        print(said)
        planned = {line.split()[0]: float(line.split()[1]) for line in _figures(said)}
        began = time.monotonic()
        process = subprocess.Popen([sys.executable, "-m", "builder.cli", "train", str(copy)])
        _, _, used = os.wait4(process.pid, 0)
        real = {"Time": (time.monotonic() - began) / 60, "Memory": used.ru_maxrss * 1024 / 1e9}
    print("| | planned | real | difference |\n| --- | --- | --- | --- |")
    for name, value in real.items():
        print(f"| {name} | {planned[name]:.2f} | {value:.2f} | {planned[name] / value - 1:+.0%} |")


def _put_in(path: Path, settings: list[str]) -> None:
    document = tomlkit.parse(path.read_text(encoding="utf-8"))
    table = document.setdefault("training", tomlkit.table())
    for setting in settings:
        key, value = setting.split("=", 1)
        table[key] = tomlkit.value(value)
    path.write_text(tomlkit.dumps(document), encoding="utf-8")


def _figures(said: str) -> list[str]:
    return [line for line in said.splitlines() if line.startswith(("Time", "Memory"))]


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])

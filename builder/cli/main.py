"""`monoshiri`: reads the command, runs it, and turns errors into one paragraph and a status.

0: done. 1: the work failed, or something was rejected that the user must see. 2: wrong usage or
configuration.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module

from builder.cli.arguments import parse
from connectors.errors import MonoshiriError

COMMANDS = {
    "demo": "builder.cli.demo:demo",
    "build": "builder.cli.build:build",
    "import": "builder.cli.build:import_",
    "index": "builder.cli.build:index",
    "generate": "builder.cli.build:generate",
    "train": "builder.cli.train:train",
    "evaluate": "builder.cli.evaluate:evaluate",
    "ask": "builder.cli.ask:ask",
    "retrieve": "builder.cli.ask:retrieve",
    "chat": "builder.cli.chat:chat",
    "ui": "builder.cli.ui:ui",
    "export": "builder.cli.export:export",
    "review": "builder.cli.review:review",
    "status": "builder.cli.status:status",
    "doctor": "builder.cli.doctor:doctor",
}
"""Command → the function that runs it, imported only then: `--help` loads nothing heavy."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    options = parse(sys.argv[1:] if arguments is None else arguments)
    # Libraries must not phone home, nor warn about forks, nor draw their own progress bars.
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
    module, function = COMMANDS[options.command].split(":")
    try:
        status: int = getattr(import_module(module), function)(options)
        return status
    except MonoshiriError as error:
        if options.debug:
            raise
        print(f"monoshiri: {error}", file=sys.stderr)
        return error.exit_status
    except KeyboardInterrupt:
        print(
            "\nmonoshiri: stopped. What was complete is kept; run the same command to go on.",
            file=sys.stderr,
        )
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    except Exception as error:
        if options.debug:
            raise
        print(
            f"monoshiri: something went wrong that should not: {type(error).__name__}: {error}. "
            "Run again with --debug for the details, and please report it.",
            file=sys.stderr,
        )
        return 1


def run() -> None:
    """The console script."""
    sys.exit(main())

"""llama.cpp's server in a process of its own, which runs this file.

The first line of standard input holds `Launch` as JSON; the first line of standard output is the
address. The process ends with standard input, and so with whoever started it. It is a process of
its own because llama.cpp takes over the signals of the process that it runs in, and ends it where
it finds a fault.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Launch:
    """What the process is told."""

    model: str
    """Path of a GGUF file."""
    host: str
    """A Unix socket's path that ends in `.sock`, or 127.0.0.1."""
    key: str
    """What a request must carry."""
    askers: int
    """How many prompts are continued at once."""
    tokens: int
    """Tokens that all of them have room for together."""
    threads: int

    def line(self) -> str:
        """As `main` reads it."""
        return json.dumps(asdict(self)) + "\n"


def main() -> None:
    """Serve until standard input ends."""
    server = _serve(Launch(**json.loads(sys.stdin.readline())))
    sys.stdout.write(server.listening_address + "\n")
    sys.stdout.flush()
    sys.stdin.read()


def _serve(launch: Launch) -> Any:
    import xllamacpp

    told = xllamacpp.CommonParams()
    told.model.path = launch.model
    told.hostnames = [launch.host]
    told.port = 0  # any that is free
    told.api_keys = [launch.key]
    told.n_parallel = launch.askers
    told.n_ctx = launch.tokens
    told.kv_unified = True  # one asker may use the room that the others don't
    told.cpuparams.n_threads = told.cpuparams_batch.n_threads = launch.threads
    told.n_threads_http = 2 * launch.askers + 2
    told.cache_ram_mib = 0  # prompts that were answered are kept in the askers' room only
    told.fit_params = told.ui = told.endpoint_slots = False
    told.endpoint_metrics = True
    told.verbosity = 0
    return xllamacpp.Server(told)


if __name__ == "__main__":
    main()

"""Continuations by llama.cpp: all askers at once, each with a stream of their own.

Prompts and answers are token ids; the model's own tokenizer makes and reads them. The requests go
to a process on this machine over a Unix socket in a private folder (on Windows over 127.0.0.1),
with a key that nobody else knows. llama.cpp puts the prompts of all askers into common batches, and
computes the beginning that a prompt shares with the one before in its place only once.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import threading
import weakref
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from builder.errors import ModelUnavailable
from builder.models import llama_process
from builder.models.batching import ASKERS, ROOM, check_room, side_by_side, usable_cores
from builder.models.completion import Completion, pieces, text_of
from builder.models.llama_process import Launch
from builder.models.turns import Turns
from connectors.scratch import Scratch

if TYPE_CHECKING:
    import httpx

SECONDS = 600.0
"""Longest silence of the process before it counts as lost."""
DYING = 2.0
"""Seconds that a process which broke off may take to be gone."""
PASSED_ON = (
    *("PATH", "HOME", "LANG", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONPATH"),
    *("TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "WINDIR", "OMP_NUM_THREADS", "OMP_WAIT_POLICY"),
)


class LlamaRuntime:
    """A GGUF file ready to answer; used from any number of threads."""

    def __init__(self, tokenizer: Any, model: Path, limit: int, threads: int = 0) -> None:
        """`limit`: most tokens of one prompt and its answer; `threads` 0: one a core."""
        self.tokenizer = tokenizer
        self.model, self.threads = model, threads
        self.turns = Turns(min(limit, ROOM))
        self._starting = threading.Lock()
        self._running: _Running | None = None

    def complete(self, prompts: Sequence[Sequence[int]], max_tokens: int) -> list[Completion]:
        """Greedy continuations, in the prompts' order."""
        return side_by_side(lambda prompt: self._one(prompt, max_tokens), prompts)

    def stream(self, prompt: Sequence[int], max_tokens: int) -> Generator[str]:
        """Pieces of one continuation as they come; closing the iterator stops the work."""
        with self.turns.taken(len(prompt) + max_tokens), self._asked(prompt, max_tokens) as events:
            yield from pieces(self.tokenizer, (event.get("tokens", ()) for event in events))

    def close(self) -> None:
        """End the process; the next question starts one again."""
        with self._starting:
            if self._running:
                self._running.end()
            self._running = None

    def _one(self, prompt: Sequence[int], max_tokens: int) -> Completion:
        said: list[int] = []
        counted = 0
        with self.turns.taken(len(prompt) + max_tokens), self._asked(prompt, max_tokens) as events:
            for event in events:
                said += event.get("tokens", ())
                counted = int(event.get("tokens_predicted", counted))
        return Completion(text_of(self.tokenizer, said).strip(), counted)

    @contextmanager
    def _asked(self, prompt: Sequence[int], max_tokens: int) -> Iterator[Iterator[dict[str, Any]]]:
        import httpx

        check_room(prompt, max_tokens, self.turns.room, self.model.name)
        body = {"prompt": list(prompt), "n_predict": max_tokens, "temperature": 0.0}
        body |= {"stream": True, "return_tokens": True, "samplers": ["temperature"]}
        try:
            with closing(self._begun(body)) as reply:
                if reply.is_error:
                    raise self._lost(f"HTTP {reply.status_code}: {reply.read()[:200]!r}")
                yield self._events(reply)
        except httpx.HTTPError as exc:
            raise self._lost(type(exc).__name__) from exc

    def _begun(self, body: dict[str, Any]) -> httpx.Response:
        """The answer's beginning. A process that died before it is started again, once."""
        import httpx

        asked = self._process()
        try:
            return asked.begin(body)
        except httpx.TransportError:
            if self._running is None or not asked.ends_within(DYING):
                raise  # closed by us, or not dead
            return self._process().begin(body)

    def _events(self, reply: httpx.Response) -> Iterator[dict[str, Any]]:
        ended = False
        for line in reply.iter_lines():
            if line.startswith("data: {"):
                event: dict[str, Any] = json.loads(line.removeprefix("data: "))
                ended = ended or bool(event.get("stop"))
                yield event
            elif line.startswith("error: "):
                raise self._lost(line[:200])
        if not ended:
            raise self._lost("its answer broke off")

    def _lost(self, fault: str) -> ModelUnavailable:
        return ModelUnavailable(
            f"llama.cpp's process does not answer ({fault}).",
            self.model.name,
            'Ask again; if it stays so, set `model.runtime = "transformers"` in bot.toml.',
        )

    def _process(self) -> _Running:
        with self._starting:
            if self._running is None or not self._running.alive():
                if self._running:
                    self._running.end()
                self._running = _Running(self)
            return self._running


class _Running:
    """The process, and the way to it."""

    def __init__(self, runtime: LlamaRuntime) -> None:
        import httpx

        scratch = Scratch("llama")
        local = sys.platform == "win32"  # there httpx knows no Unix sockets
        path = str(scratch.path / "llama.sock")
        key = secrets.token_hex(32)
        launch = Launch(
            model=str(runtime.model),
            host="127.0.0.1" if local else path,
            key=key,
            askers=ASKERS,
            tokens=runtime.turns.room,
            threads=runtime.threads or usable_cores(),
        )
        self._process, address = _started(launch)
        self._client = httpx.Client(
            base_url=address if local else "http://llama",
            transport=httpx.HTTPTransport(
                uds=None if local else path,
                limits=httpx.Limits(max_keepalive_connections=0),  # it closes idle ones itself
            ),
            headers={"Authorization": f"Bearer {key}"},
            timeout=SECONDS,
            trust_env=False,
        )
        self.end = weakref.finalize(self, _end, self._process, scratch)

    def alive(self) -> bool:
        """Whether it can be asked."""
        return self._process.poll() is None

    def ends_within(self, seconds: float) -> bool:
        """Whether it is gone, or will be: its sockets close before it can be waited for."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def begin(self, body: dict[str, Any]) -> httpx.Response:
        """The answer to `body`, unread; the caller closes it."""
        return self._client.send(
            self._client.build_request("POST", "/completion", json=body), stream=True
        )


def _started(launch: Launch) -> tuple[subprocess.Popen[str], str]:
    process = subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-P", llama_process.__file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={name: value for name in PASSED_ON if (value := os.environ.get(name))},
        start_new_session=True,  # an interrupt in the terminal is ours to handle
        text=True,
    )
    if process.stdin is None or process.stdout is None:
        raise OSError("no pipes")
    process.stdin.write(launch.line())
    process.stdin.flush()
    address = process.stdout.readline().strip()
    if not address:
        process.kill()
        process.wait()
        raise ModelUnavailable(
            "llama.cpp can't load the model.",
            Path(launch.model).name,
            'Set `model.runtime = "transformers"` in bot.toml.',
        )
    return process, address


def _end(process: subprocess.Popen[str], scratch: Scratch) -> None:
    process.kill()  # it holds nothing that could be lost
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe:
            pipe.close()
    scratch.close()

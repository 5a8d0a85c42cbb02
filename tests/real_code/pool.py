"""Workers in processes of their own: one that hangs or dies costs one function."""
from __future__ import annotations

import json
import os
import queue
import select
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from .judge import Outcome
from .packages import Package

START_LIMIT, FUNCTION_LIMIT = 600.0, 900.0
_ROOT = Path(__file__).parents[2]


class _Worker:
    def __init__(self, package: str, folder: str):
        environment = {**os.environ, "PYTHONPATH": f"{_ROOT}{os.pathsep}{_ROOT / 'tests'}", "OMP_NUM_THREADS": "1",
                       "OPENBLAS_NUM_THREADS": "1"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.real_code.worker", package], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, cwd=folder, env=environment, text=True)
        self.names = self._answer(START_LIMIT)

    def ask(self, name: str) -> Any:
        assert self.process.stdin is not None
        self.process.stdin.write(name + "\n")
        self.process.stdin.flush()
        return self._answer(FUNCTION_LIMIT)

    def _answer(self, seconds: float) -> Any:
        """The next line, or None where the process died or took too long."""
        assert self.process.stdout is not None
        ready, _, _ = select.select([self.process.stdout], [], [], seconds)
        line = self.process.stdout.readline() if ready else ""
        return json.loads(line) if line else None

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


def judged(packages: list[Package], wanted: Callable[[str], bool], jobs: int) -> Iterator[tuple[str, Outcome]]:
    """The outcomes of all functions that are wanted, with their package, as they come."""
    answers: queue.SimpleQueue[tuple[str, Outcome] | None] = queue.SimpleQueue()

    def judge_all(package: Package) -> None:
        try:
            for outcome in _package(package.name, wanted):
                answers.put((package.name, outcome))
        finally:
            answers.put(None)

    with ThreadPoolExecutor(jobs) as threads:
        running = [threads.submit(judge_all, package) for package in packages]
        for _ in packages:
            yield from iter(answers.get, None)
    for each in running:
        each.result()


def _package(package: str, wanted: Callable[[str], bool]) -> Iterator[Outcome]:
    with tempfile.TemporaryDirectory() as folder:
        worker = _Worker(package, folder)
        if worker.names is None:
            raise RuntimeError(f"{package} cannot be imported")
        for name in filter(wanted, worker.names):
            answer = worker.ask(name)
            yield Outcome(name, "crashed", "the process died or hung") if answer is None else Outcome(**answer)
            if answer is None:
                worker.stop()
                worker = _Worker(package, folder)
        worker.stop()

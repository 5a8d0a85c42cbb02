"""Keeps generated texts where tracebacks, debuggers and inspect find them."""
from __future__ import annotations

import contextlib
import hashlib
import linecache
import os
import platform
import re
import sys
import tempfile
from pathlib import Path

import gast
import numpy as np

from autodiff_src.emit.printer import PRINTER

_MOST_FILES = 2000
_OURS = re.compile(r"\w+-[0-9a-f]{16}\.py")


def store(name: str, source: str) -> str:
    """Writes `source` to the cache folder and returns the file's path.

    The folder is $AUTODIFF_SRC_CACHE, or `autodiff_src` in the user's cache folder; files used least recently are
    removed from it beyond 2000. Where it cannot be written, the text is kept in memory and the name is no path. In both
    cases linecache holds the text, so that what is shown is what runs.
    """
    stem = f"{re.sub(r'[^A-Za-z0-9_]', '_', name)[:80] or '_'}-{_digest(source)}"
    try:
        file = str(_written(folder() / f"{stem}.py", source))
    except (OSError, RuntimeError):
        file = f"<autodiff_src {stem}>"
    linecache.cache[file] = len(source), None, source.splitlines(keepends=True), file  # no time: never checked again
    return file


def folder() -> Path:
    """The cache folder of this user. Raises RuntimeError where the user has no home."""
    chosen = os.environ.get("AUTODIFF_SRC_CACHE")
    if chosen:
        return Path(chosen).absolute()
    base = os.environ.get("XDG_CACHE_HOME", "")
    if os.path.isabs(base):
        return Path(base) / "autodiff_src"
    if sys.platform == "win32" and os.environ.get("LOCALAPPDATA"):
        return Path(os.environ["LOCALAPPDATA"]) / "autodiff_src" / "Cache"
    return Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache") / "autodiff_src"


def _digest(source: str) -> str:
    versions = f"{platform.python_version()} {np.__version__} {gast.__version__} {PRINTER}"
    return hashlib.sha256(f"{versions}\n{source}".encode()).hexdigest()[:16]


def _written(path: Path, source: str) -> Path:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    data = source.encode()
    if path.is_file() and path.read_bytes() == data:
        os.utime(path)
        return path
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=path.stem, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.replace(aside, path)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(aside)
        raise
    _remove_oldest(path.parent)
    return path


def _remove_oldest(where: Path) -> None:
    """Keeps the folder bounded. Another process may be doing the same: what is gone is gone."""
    names = [name for name in os.listdir(where) if _OURS.fullmatch(name)]
    if len(names) <= _MOST_FILES:
        return
    ages = []
    for name in names:
        with contextlib.suppress(FileNotFoundError):
            ages.append((os.stat(where / name).st_mtime_ns, name))
    for _, name in sorted(ages)[:len(ages) - _MOST_FILES * 9 // 10]:
        with contextlib.suppress(OSError):
            os.unlink(where / name)

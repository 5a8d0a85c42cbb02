"""Contexts that the generated text enters."""
from __future__ import annotations

from types import TracebackType
from typing import Any

from autodiff_src.errors import AutodiffError, UnsupportedError


class checked_context:
    """Does what `manager` does, except that it lets every exception out.

    Raises UnsupportedError where `manager` holds one back: what a function then goes on with is not known.
    """

    def __init__(self, manager: Any):
        self.manager = manager

    def __enter__(self) -> Any:
        return type(self.manager).__enter__(self.manager)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        held_back = type(self.manager).__exit__(self.manager, kind, error, trace)
        if held_back and error is not None and not isinstance(error, AutodiffError):
            raise UnsupportedError(f"a `with` block of {type(self.manager).__name__} holds back {error!r}",
                                   fix="write `try` and `except`, which say what is done instead") from error

"""What `vjp` returns: the backward half of a text with what it reads of the forward pass."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from autodiff_src.arguments import holds_object
from autodiff_src.dispatch import Specialisations
from autodiff_src.pipeline import Text
from autodiff_src.runtime import batches
from autodiff_src.runtime.adjoints import unbroadcast, zeros_like
from autodiff_src.runtime.libraries import check_alike, library_of
from autodiff_src.runtime.objects import Path, follow
from autodiff_src.runtime.results import check_cotangent, gradient_like
from autodiff_src.runtime.values import kept


class Pullback:
    """`pullback(d_y)` returns the adjoints of what `places` name. May be called any number of times."""

    def __init__(self, texts: Specialisations, text: Text, y: Any, residuals: Any, values: list[Any],
                 places: list[tuple[str, Path]], primals: dict[str, Any]):
        assert text.pair is not None and text.backward is not None
        self.text, self.pair, self.wrt, self.places = text, text.pair, texts.wrt, places
        self.y, self.residuals, self.values = y, residuals, values
        self.primals = {p: kept(x, texts.attributes) if holds_object(text.kinds[p]) else x for p, x in primals.items()}
        self.parameters = list(text.kinds)
        given = {self.parameters[i] for i in self.pair.returns}
        given |= {p for p, start in text.starts.items() if start in given}
        asked = {p for p, _ in places if p in self.wrt} - given | {self.parameters[i] for i in self.pair.shadows}
        self.shapes = {p: np.zeros_like(x) if isinstance(x, np.ndarray) else zeros_like(x)
                       for p, x in self.primals.items() if p in asked}
        self.like, self.library = zeros_like(y), library_of(y)

    def __call__(self, d_y: Any) -> tuple[Any, ...]:
        check_cotangent(d_y, self.like)
        y = self.y
        if self.library is not None and (y.shape or not isinstance(d_y, float)):
            check_alike(d_y, y, "the cotangent")
        seed = unbroadcast(d_y, y) if isinstance(y, (float, np.ndarray, np.generic)) else d_y
        return self._cotangents(self._found(self.text.backward, seed))

    def each(self, several: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
        """The adjoints for each of several seeds as adjoints are held: one by one, or many at once."""
        most = 1 if self.pair.shadows else batches.at_once([self.primals, self.y])
        return self.text.each(several, most, self, self._together)

    def _together(self, backward: Callable[..., Any], seeds: Any) -> list[tuple[Any, ...]]:
        """The adjoints for each member of a batch of seeds."""
        found = self._found(backward, seeds)
        return [self._cotangents(batches.member(found, b)) for b in range(batches.width.get())]

    def _found(self, backward: Callable[..., Any] | None, seed: Any) -> dict[str, Any]:
        """What the backward half gives, by parameter."""
        assert backward is not None
        pair = self.pair
        shadows = [zeros_like(self.shapes[self.parameters[i]]) for i in pair.shadows]
        arguments = [self.residuals] if pair.residuals else []
        arguments += [seed] if pair.seeded else []
        arguments += [self.values[i] for i in pair.reads] + shadows
        returned = backward(*arguments) if pair.returns or pair.shadows else ()
        parts = dict(zip(pair.returns, returned if len(pair.returns) > 1 else (returned,), strict=False))
        parts |= dict(zip(pair.shadows, shadows, strict=True))
        found = {self.parameters[i]: d for i, d in parts.items()}
        return found | {p: found[start] for p, start in self.text.starts.items() if start in found}

    def _cotangents(self, found: dict[str, Any]) -> tuple[Any, ...]:
        cotangents = {p: self._cotangent(p, found) for p, _ in self.places}
        return tuple(None if cotangents[p] is None else follow(cotangents[p], path) for p, path in self.places)

    def _cotangent(self, p: str, found: dict[str, Any]) -> Any:
        if p not in self.wrt:
            return None
        return gradient_like(found[p] if p in found else self.shapes[p], self.primals[p])

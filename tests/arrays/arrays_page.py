"""`python tests/arrays/arrays_page.py` writes docs/arrays.md: what runs on the arrays of which library."""
from __future__ import annotations

import linecache
import pathlib
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from arrays.libraries import LIBRARIES, Tested, assert_close, made, mapped, to_numpy
from arrays.programs import MATRIX, PROGRAMS, SQUARE, array_namespace

import autodiff_src as ad

PAGE = pathlib.Path(__file__).parents[2] / "docs" / "arrays.md"
_TOP = """\
# Arrays beyond NumPy

Written by `python tests/arrays/arrays_page.py` from what the tests run; a test compares the two. Functions are written in the
style of the array API standard (`xp = array_namespace(x)`), and called with arrays of a library, all of one floating dtype.
Derivatives are computed by the library, on the device of the arrays, and are compared with those of NumPy's arrays. On Dask's
arrays NumPy's functions work, too, and everything stays lazy.

CuPy arrays take the same way as Dask's; no device was there to run it.
"""
_UNARY = """abs acos asin atan atanh cos cosh exp expm1 log log10 log1p log2 negative positive reciprocal sign sin sinh sqrt
square tan tanh ceil floor round trunc"""
_BINARY = "add atan2 copysign divide hypot logaddexp maximum minimum multiply pow remainder subtract"
_CALLS = """sum(x) sum(x,axis=0) sum(x,axis=1,keepdims=True) mean(x) mean(x,axis=0) prod(x) max(x) max(x,axis=1) min(x) std(x)
std(x,correction=1) var(x,axis=0) cumulative_sum(x,axis=0) cumulative_prod(x,axis=0) sort(x,axis=0)
where(x>0.5,x,0.1) clip(x,0.3,0.6) matmul(x,s) tensordot(x,s,axes=1) vecdot(x,x) matrix_transpose(x) linalg.vector_norm(x)
linalg.inv(x.T@x+s) linalg.det(x.T@x+s) linalg.solve(x.T@x+s,s) linalg.cholesky(x.T@x+s) reshape(x,(3,4)) permute_dims(x,(1,0))
expand_dims(x,axis=0) squeeze(x[None,...],axis=0) broadcast_to(x,(2,4,3)) concat([x,x]) stack([x,x],axis=1) unstack(x)[0]
flip(x) roll(x,1,axis=0) moveaxis(x,0,1) tril(x) triu(x) tile(x,(2,1)) repeat(x,2) diff(x,axis=0)
take(x,xp.asarray([0,2,0]),axis=0) take_along_axis(x,xp.argsort(x,axis=0),axis=0) broadcast_arrays(x,x[0,:])[1]
meshgrid(x[:,0],x[:,1])[0]*xp.meshgrid(x[:,0],x[:,1])[1] sum(x,axis=(0,1)) max(x,axis=(0,1)) mean(x,axis=(0,1))
prod(x,axis=0) cumulative_sum(x,axis=1,include_initial=True) expand_dims(x,axis=-1) squeeze(x[:,0:1],axis=1)
roll(x,(1,2),axis=(0,1)) moveaxis(x,(0,1),(1,0)) tril(x,k=-1) repeat(x,3,axis=1) diff(x,n=2,axis=0) unstack(x,axis=1)[2]
clip(x,min=0.3) real(x) conj(x) abs(x+1j*x) nextafter(x,x+1.0) astype(xp.argmax(x),xp.float64)*x
astype(xp.searchsorted(x[:,0],x[:,1]),xp.float64)*x[:,0]
tensordot(x,s,axes=((1,),(0,))) linalg.vector_norm(x,axis=0) linalg.vector_norm(x,ord=3) linalg.matrix_norm(x)
linalg.matrix_norm(x,ord="nuc") linalg.slogdet(x.T@x+s)[1] linalg.trace(s@x.T@x) linalg.diagonal(s*x[:3,:])
linalg.outer(x[:,0],x[:,1]) linalg.cross(x,x*x+1.0) linalg.svdvals(x) linalg.svd(x,full_matrices=False)[1]
linalg.eigvalsh(x.T@x+s) linalg.eigh(x.T@x+s)[0] linalg.eigh(x.T@x+s)[1]**2 linalg.pinv(x) linalg.qr(x)[1]
linalg.matrix_power(x.T@x,3) linalg.matrix_transpose(x) linalg.tensordot(x,s,axes=1) linalg.vecdot(x,x)
abs(xp.fft.fft(x)) abs(xp.fft.rfft(x,axis=0)) fft.irfft(xp.fft.rfft(x))
astype(x,xp.float64) isfinite(x) greater(x,0.5) zeros_like(x) full_like(x,2.0) asarray(x)"""
_INDICES = """x[0,:] x[1:3,::2] x[...,0] x[None,...] x[:,None,:] x[1:,None,:] x[1,None,:] x[x>0.5] x[xp.asarray([0,2,0])]
x[:,xp.asarray([0,2,0,0])] x[xp.asarray([0,2,0]),xp.asarray([1,1,1])]"""
_OPERATORS = "-x x+x x-0.5 2.0*x x/x x**3 x**2.5 x@s x.T x.mT abs(x)"


def page() -> str:
    """The text of docs/arrays.md."""
    missing = [library.missing for library in LIBRARIES if library.missing]
    if missing:
        raise SystemExit(missing[0])
    return _TOP + "".join(f"{line}\n" for section in SECTIONS for line in section.lines(LIBRARIES))


class Section:
    """A table with a line for each case and a column for each library."""

    def __init__(self, title: str, words: str, cases: list[tuple[str, Callable[[Tested], str]]]):
        self.title, self.words, self.cases = title, words, cases

    def lines(self, libraries: tuple[Tested, ...]) -> Iterator[str]:
        yield from ["", f"## {self.title}", "", self.words, ""]
        yield f"| | {' | '.join(library.title for library in libraries)} |"
        yield f"|---|{'---|' * len(libraries)}"
        for name, run in self.cases:
            yield f"| {name} | {' | '.join(self.cell(run, library) for library in libraries)} |"

    def cell(self, run: Callable[[Tested], str], library: Tested) -> str:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return run(library)


def _call(text: str) -> tuple[str, Callable[[Tested], str]]:
    """The line of one expression in `x`, a matrix, and `s`, a square one."""
    expression = text if text.startswith(("-", "x", "2", "abs(x)")) else f"xp.{text}"
    f = _function(expression)
    shown = text.replace(",", ", ").replace(">", " > ")

    def run(library: Tested) -> str:
        x, s = 0.3 + 0.2 * np.abs(MATRIX), SQUARE @ SQUARE.T + 3.0 * np.eye(3)
        try:
            found = ad.value_and_grad(f)(*made(library, (x, s)))
        except ad.AutodiffError:
            return "refused"
        except (AttributeError, IndexError, NotImplementedError, TypeError, ValueError):
            return "not there"
        value, gradient = ad.value_and_grad(f)(x, s)
        assert_close(to_numpy(found), (value, gradient), rtol=1e-8)
        return "yes" if np.any(gradient) else "constant"
    return f"`{shown}`", run


def calls() -> list[tuple[str, Callable[..., Any]]]:
    """The expressions of the tables, and a function of each."""
    texts = [*_CALLS.split(), *_INDICES.split(), *_OPERATORS.split()]
    return [(text, _function(text if text.startswith(("-", "x", "2", "abs(x)")) else f"xp.{text}")) for text in texts]


def _function(expression: str) -> Callable[..., Any]:
    last = "xp.sum(xp.where(y, x, 0.0))" if expression.startswith(("xp.isfinite", "xp.greater")) else "xp.sum(y * y)"
    text = f"def f(x, s):\n    xp = array_namespace(x)\n    y = {expression}\n    return xp.sum(x * 0.0) + {last}\n"
    file = f"<{expression}>"
    linecache.cache[file] = len(text), None, text.splitlines(True), file
    space: dict[str, Any] = {"array_namespace": array_namespace}
    exec(compile(text, file, "exec"), space)
    return space["f"]


def _program(f: Callable[..., Any], args: tuple[Any, ...], wrt: Any) -> tuple[str, Callable[[Tested], str]]:
    def run(library: Tested) -> str:
        found = [name for name, attempt in (("grad", _gradient), ("jvp", _tangent), ("tape", _taped))
                 if _succeeds(attempt, f, args, wrt, library)]
        return ", ".join(found) or "refused"
    return f.__name__.replace("_", " "), run


def _succeeds(attempt: Callable[..., None], *given: Any) -> bool:
    try:
        attempt(*given)
    except ad.AutodiffError:
        return False
    return True


def _gradient(f: Callable[..., Any], args: tuple[Any, ...], wrt: Any, library: Tested) -> None:
    assert_close(to_numpy(ad.grad(f, wrt)(*made(library, args))), ad.grad(f, wrt)(*args))


def _tangent(f: Callable[..., Any], args: tuple[Any, ...], wrt: Any, library: Tested) -> None:
    assert_close(to_numpy(ad.jvp(f, made(library, args), made(library, args))), ad.jvp(f, args, args))


def _taped(f: Callable[..., Any], args: tuple[Any, ...], wrt: Any, library: Tested) -> None:
    given = mapped(lambda a: ad.constant(a) if hasattr(a, "shape") else a, made(library, list(args)))
    chosen = wrt if isinstance(wrt, tuple) else (wrt,)
    with ad.GradientTape() as tape:
        for x in given:
            tape.watch(x)
        y = f(*given)
    found = mapped(lambda tensor: tensor.array(), tape.gradient(y, [given[i] for i in chosen]))
    assert_close(to_numpy(found), list(ad.grad(f, chosen)(*args)))


SECTIONS = [
    Section("Programs", "Those of [tests/arrays/programs.py](../tests/arrays/programs.py), by what runs.",
            [_program(*case) for case in PROGRAMS]),
    Section("Functions", "*yes*: differentiated; *constant*: carries no derivative; *refused*: with the reason and a way out;\n"
            "*not there*: the library does not have it, or not for these types or chunks.",
            [_call(text) for text in [*(f"{name}(x)" for name in _UNARY.split()),
                                      *(f"{name}(x,0.4+x*x)" for name in _BINARY.split()), *_CALLS.split()]]),
    Section("Operators and indices", "In the same words.", [_call(text) for text in [*_OPERATORS.split(), *_INDICES.split()]])]


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")

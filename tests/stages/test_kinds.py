"""Kinds promise nothing that does not hold: what they say of random calls is held against the results."""
from __future__ import annotations

import math
import numbers
import operator
import random

import gast
import numpy as np
import pytest

from autodiff_src.analyze.attribute_kinds import attribute_kind
from autodiff_src.analyze.call_kinds import call_kind, method_kind
from autodiff_src.analyze.index_kinds import index_kind
from autodiff_src.analyze.kinds import (
    UNKNOWN,
    Array,
    Bool,
    Dict,
    Float,
    Inert,
    Int,
    Kind,
    Known,
    Length,
    List,
    Number,
    Scalar,
    Tuple,
    Unknown,
    carries_derivative,
    join,
)
from autodiff_src.analyze.kinds_of_values import kind_of
from autodiff_src.analyze.operator_kinds import binary_kind, compare_kind, truth, unary_kind
from autodiff_src.errors import ArgumentError
from autodiff_src.runtime import adjoints, index_joins

MODULES = {"adjoints": adjoints, "index_joins": index_joins, "np": np, "math": math, "operator": operator, "numbers": numbers}
BUILTINS = {f.__name__: f for f in (
    len, float, int, bool, abs, min, max, sum, round, pow, divmod, list, tuple, isinstance, type, range, sorted, zip,
    str, slice)}


def kind_of_text(text: str, env: dict[str, Kind]) -> Kind:
    return kind_of_node(gast.parse(text, mode="eval").body, env)


def kind_of_node(node: gast.AST, env: dict[str, Kind]) -> Kind:
    def kind(child: gast.AST) -> Kind:
        return kind_of_node(child, env)

    match node:
        case gast.Name(id=name):
            return env[name] if name in env else Known((MODULES | BUILTINS)[name])
        case gast.Constant(value=value) if type(value) in (int, float, bool):
            return {int: Int, float: Float, bool: Bool}[type(value)](value)
        case gast.Constant(value=value):
            return Known(value)
        case gast.Tuple(elts=items):
            return Tuple(tuple(map(kind, items)))
        case gast.List(elts=items):
            kinds = list(map(kind, items))
            joined = kinds[0] if kinds else UNKNOWN
            for each in kinds[1:]:
                joined = join(joined, each)
            return List(joined, len(kinds))
        case gast.BinOp(left=left, op=op, right=right):
            return binary_kind(type(op), kind(left), kind(right))
        case gast.UnaryOp(op=op, operand=operand):
            return unary_kind(type(op), kind(operand))
        case gast.Compare(left=left, ops=[op], comparators=[right]):
            return compare_kind(type(op), kind(left), kind(right))
        case gast.Subscript(value=value, slice=index):
            return index_kind(kind(value), index, kind)
        case gast.Attribute(value=value, attr=name):
            return attribute_kind(kind(value), name)
        case gast.Call(func=function, args=args, keywords=keywords):
            kinds, named = list(map(kind, args)), {k.arg: kind(k.value) for k in keywords}
            if isinstance(function, gast.Attribute) and not isinstance(kind(function), Known):
                return method_kind(kind(function.value), function.attr, kinds, named)
            callee = kind(function)
            return call_kind(callee.value, kinds, named) if isinstance(callee, Known) else UNKNOWN
    raise AssertionError(gast.dump(node))


def conforms(value: object, kind: Kind, env: dict[str, object]) -> bool:
    """Whether a value is what its kind says."""
    match kind:
        case Unknown():
            return True
        case Inert():
            return not isinstance(value, (float, np.floating, np.ndarray, tuple, list, dict))
        case Known(value=expected):
            return value is expected or isinstance(value, (str, np.dtype)) and value == expected
        case Bool(value=expected):
            return type(value) is bool and expected in (None, value)
        case Int(value=Length() as length):
            return type(value) is int and value == eval(length.source, dict(env)) + length.offset and (
                not length.many or value != 1)
        case Int(value=expected):
            return type(value) is int and expected in (None, value)
        case Float(value=expected):
            return type(value) is float and expected in (None, value)
        case Number():
            return type(value) in (int, float, np.float64)
        case Scalar(dtype=dtype):
            return type(value) is dtype.type
        case Array(dtype=dtype, shape=shape):
            return type(value) is np.ndarray and (dtype is None or dtype == value.dtype) and (
                shape is None or len(shape) == value.ndim and all(map(axis_conforms, value.shape, shape, [env] * 99)))
        case Tuple(items=items):
            return isinstance(value, tuple) and (items is None or len(items) == len(value) and all(
                conforms(v, k, env) for v, k in zip(value, items)))
        case List(item=item, length=length):
            return type(value) is list and length in (None, len(value)) and all(conforms(v, item, env) for v in value)
        case Dict(items=items):
            return type(value) is dict
    return False


def axis_conforms(n: int, axis: object, env: dict[str, object]) -> bool:
    if isinstance(axis, Length):
        return n == max(eval(axis.source, dict(env)) + axis.offset, 0) and not (axis.many and n == 1)
    return axis in (None, n)


def listed(text: str) -> list[str]:
    return [item.strip() for line in text.splitlines() for item in line.split(";") if item.strip()]


SIZES = (0, 1, 1, 2, 3, 3, 4)
DTYPES = (np.float64, np.float64, np.float32, np.int64, np.int32, np.bool_)


def random_arguments(rng: random.Random) -> dict[str, object]:
    """Arguments of many kinds: x, y, z share axes now and then; A is square, v a vector, b a mask, i an index array."""
    n, m = rng.choice(SIZES), rng.choice(SIZES)

    def array(*shape: int) -> np.ndarray:
        numbers = [rng.uniform(-1.0, 4.0) for _ in range(math.prod(shape))]
        return np.array(numbers).reshape(shape).astype(rng.choice(DTYPES))

    return {
        "x": array(n, m), "y": array(*rng.choice([(n, m), (1, m), (n, 1), (m,), (1,), ()])),
        "z": array(m, rng.choice(SIZES)),
        "v": array(m), "w": array(rng.choice([m, n, 1, 3])), "c": array(2, n, m), "o": array(),
        "A": np.eye(n) + 0.5, "b": array(n, m) > 2, "i": np.arange(rng.choice(SIZES)) % max(n, 1),
        "s": rng.choice([np.float64(1.5), np.float32(2.5), np.int64(1), np.bool_(True)]), "f": rng.uniform(0.5, 2.0),
        "g": -1.5, "k": rng.choice([-3, -1, 0, 1, 2, 3]), "flag": rng.random() < 0.5, "none": None, "mode": "fast",
        "t": (1.5, array(n), 3), "l": [1.0, 2.5], "d": {"a": 1.0, "b": array(m)}}


EXPRESSIONS = """
x + y; x * v; x - 1; 2.0 * x; y ** 2; x / x; x // 2; s + x; f + s; f * f; k + 1; k / 2; k - 1 - k; f ** 2; f ** 0.5
s * 2; k ** 2; 2 ** k; k // 2; flag + 1; flag & flag; -x; -f; -k; +s; not x.shape; not none; not mode; ~b; o + o
o * 2.0; x % 2; x @ z; v @ w; x @ v; c @ z; v @ z; A @ A; A @ x; x.T @ x; (1, 2) + t; t * 2; l + l; l * 2; mode + 'er'
'%d' % k; y + o; x < y; x == x; f < 1; k < k + 1; k + 1 > k; none is None; x is None; x is not None; mode == 'fast'
mode in ('fast', 'slow'); len(v) == 1; len(v) < 0; len(v) >= 0; len(x) == len(x); x.shape == y.shape; s < f
x.ndim == 2; x.dtype == np.float64; flag == True; flag is True; k == 1; v.shape[0] + 1 > 0; 1 == len(x); k != k; f == f
1.0 < 2; none == None; mode != none; x[0]; x[0, 0]; x[-1]; x[:, 0]; x[k]; x[1:]; x[:-1]; x[1:-1]; x[::-1]; x[::2]
x[1:, :-1]; x[2:1]; x[:0]; x[-2:]; x[0:3]; x[None]; x[..., 0]; x[..., None]; x[:, None, 0]; v[...]; v[..., 0]; x[i]
x[i, 0]; x[0, :][None]; x[b]; x[i][:, None]; c[0, :, i]; c[:, i, 0]; c[i, :, i]; c[:, 0, :]; c[0, ..., 0]; c[:, b]
c[0, b]; c[..., i]; c[i, ..., 0]; c[0, i]; c[i, None, 0]; x[:k]; x[k:]; x[:len(x) - 1]; x[1:len(x)]; x[:len(x) - 2]
x[1:len(x) - 1]; x[:len(x) - 3]; x[len(x) - 1:]; x[0:len(x) + 1]; x[(0, 0)]; x[x.shape[0] - 1]; x[[0, 0]]; x[i, i]
x[np.newaxis, 0]; v[slice(1, 2)]; t[0]; t[1]; t[-1]; t[1:]; l[0]; l[1:]; d['a']; d['b']; o[()]; o[...]; o[None]; v[s]
v[1:][1:]; v[:-1][1:]; v[1:] - v[:-1]; v[2:] + v[1:-1]; v[1:][0]; x[1:] + x[0]; v[b[0]]; c[:, 1:, :-1].T; c[1]
v[:][None, :]; x[flag]; x[:2][:1]; x[b, None]; v[np.arange(len(v))]; c[0, i, None, i]; x.shape; x.shape[0]; x.ndim
x.size; x.dtype; x.T; c.T; v.T; s.T; x.real; x.itemsize; s.dtype; s.shape; o.shape; s.ndim; v.size; x[1:].shape[0]
len(v[1:]) - 1; x.nbytes; f.real; k.real; f.imag; np.pi; np.float64; np.newaxis; x.dtype.kind; math.pi; x.shape[:1]
x.shape[0] * 1; 1 + x.shape[1]; x.shape[0] - x.shape[0]; x.shape + (2,); len(x.shape); len(x); len(t); len(l); len(d)
len(mode); float(k); float(s); int(f); int(k); bool(x.ndim); abs(f); abs(k); abs(x); abs(s); float(o); min(f, 1.0)
max(k, 1); max(f, s); max(1, 2); max(l); min(v); sum(l); sum(l, 0.0); sum(v); sum(t[::2]); sum([f, f]); sum(x)
round(f); round(f, 2); round(s); round(s, 1); pow(f, 2); divmod(k, 2); divmod(f, 2.0); list(v); list(t); list(l)
tuple(l); tuple(t); isinstance(x, np.ndarray); isinstance(f, float); isinstance(s, float); isinstance(s, np.floating)
isinstance(k, (int, float)); isinstance(k, numbers.Number); isinstance(x, (list, tuple)); isinstance(flag, int)
isinstance(mode, str); isinstance(none, str); isinstance(s, numbers.Real); isinstance(t, tuple); type(f); type(x)
type(s); isinstance(o, numbers.Number); isinstance(s, int); math.sin(f); math.floor(f); math.ceil(s); math.sqrt(2)
math.isnan(f); math.gcd(k, 2); math.hypot(f, f); math.modf(f); math.frexp(f); math.log(f, 2); math.atan2(f, s)
math.pow(f, 2); operator.add(x, 1); operator.lt(f, 2); operator.neg(x); sorted(l); sorted(v); np.exp(x); np.exp(f)
np.exp(k); np.exp(s); np.exp(o); np.sin(y); np.maximum(x, y); np.minimum(f, 1); np.abs(x); np.sign(x); np.power(x, 2)
np.sqrt(abs(x)); np.square(s); np.isnan(x); np.isnan(f); np.logical_and(x, y); np.modf(x); np.divmod(f, 2)
np.add(l, 1); np.add(x, y, dtype=np.float64); np.arctan2(x, y); np.floor(f); np.isfinite(y); np.hypot(f, y)
np.frexp(f); np.where(b, x, 0.0); np.where(b); np.where(x > 0, f, 0.0); np.where(flag, f, 1.0); np.where(b, x, y)
np.clip(x, 0, 1); np.clip(f, 0, 1); np.clip(x, None, y); np.clip(s, 0.0, 2.0); np.round(x); np.round(f, 2)
np.nan_to_num(x); np.sinc(x); np.real(x); np.nan_to_num(f); np.sinc(f); np.real(f); np.imag(x); np.isclose(x, y)
np.isclose(f, f); np.allclose(x, x); np.sinc(o); np.fix(x); np.sum(x); np.sum(x, axis=0); np.sum(x, 1)
np.sum(x, axis=(0, 1)); np.sum(x, axis=-1, keepdims=True); np.sum(x, keepdims=True); np.sum(c, axis=(0, -1)); np.sum(f)
np.sum(k); np.sum(o); np.sum(l); np.sum(x, axis=()); np.sum(x, dtype=np.float64); np.sum(b); np.sum(v, axis=0)
np.mean(x); np.mean(x, axis=0); np.mean(c, axis=1, keepdims=True); np.mean(i); np.prod(x, axis=1); np.std(x)
np.var(x, axis=0, ddof=1); np.max(x, axis=0); np.max(v); np.min(x, axis=1, keepdims=True); np.amax(x); np.any(b)
np.all(b, axis=0); np.median(x); np.median(x, axis=0); np.ptp(x, axis=0); np.argmax(x); np.argmax(x, axis=1)
np.argmin(v); np.count_nonzero(b); np.count_nonzero(b, axis=0); np.average(x); np.average(x, axis=0); np.nansum(x)
np.nanmean(x, axis=0); np.cumsum(x); np.cumsum(v); np.cumsum(x, axis=1); np.cumprod(v); np.sort(x); np.sort(x, axis=0)
np.sort(x, axis=None); np.argsort(v); np.argsort(x, axis=0); np.trapezoid(v); np.trapezoid(x, axis=0); np.nanmax(v)
np.nanstd(x); np.cumsum(o); np.max(f); np.median(f); np.sum(t[0]); np.dot(x, z); np.dot(v, v); np.dot(x, v)
np.dot(f, x); np.dot(f, f); np.dot(c, v); np.dot(c, z); np.matmul(x, z); np.outer(v, w); np.outer(x, v); np.inner(v, v)
np.inner(x, x); np.inner(x, v); np.vdot(x, x); np.tensordot(x, z, axes=1); np.tensordot(c, x, axes=2)
np.tensordot(x, x, axes=((0,), (0,))); np.tensordot(x, x, 2); np.einsum('ij,jk->ik', x, z); np.einsum('ij->', x)
np.einsum('ii->i', A); np.einsum('ij,ij->i', x, x); np.einsum('ij,j', x, v); np.einsum('ij->ji', x)
np.einsum('i,i', v, v); np.kron(v, w); np.kron(x, v); np.tensordot(x, z, axes=(1, 0)); np.einsum('ii', A)
np.einsum('kij,jl->kil', c, z); np.tensordot(v, v, 0); x.dot(v); np.inner(c, v); np.reshape(x, -1); x.reshape(-1)
x.reshape(-1, 1); x.reshape((1, -1)); x.reshape(x.shape); x.reshape(x.shape[1], x.shape[0]); x.reshape(x.shape[0], -1)
c.reshape(2, -1); c.reshape(-1, x.shape[1]); v.reshape(1, -1, 1); v.reshape(v.shape[0] - 1 + 1, -1); v.reshape(k, 1)
x.reshape(x.size); o.reshape(1); o.reshape(()); v[:1].reshape(()); x.ravel(); x.flatten(); np.ravel(c); np.ravel(f)
v.reshape(len(v) - 1); x.reshape(len(x) - 1, -1); np.ones((2, 3)).reshape(3, -1); np.ones((2, 3)).reshape(-1)
x[:1].ravel(); x.transpose(); c.transpose(0, 2, 1); c.transpose((1, 0, 2)); np.transpose(c, (2, 0, 1)); np.transpose(v)
np.transpose(f); np.swapaxes(c, 0, 1); np.moveaxis(c, 0, -1); np.moveaxis(c, -1, 0); np.squeeze(y); np.squeeze(x)
np.squeeze(x, axis=0); y.squeeze(); np.squeeze(x[1:]); np.squeeze(f); np.expand_dims(x, 0); np.expand_dims(v, -1)
np.expand_dims(x, (0, 3)); np.moveaxis(c, (0, 1), (1, 2)); np.concatenate([v, w]); np.concatenate((x, x), axis=1)
np.concatenate((x, x), axis=None); np.concatenate([x, z.T]); np.stack([v, v]); np.concatenate([v, np.zeros(1)])
np.concatenate([v[1:], v[:1]]); np.concatenate([np.ones(2), v, np.ones(1)]); np.concatenate([[f], v])
np.concatenate([np.zeros(1), v[1:]]); np.concatenate((v, [1.0, 2.0])); np.concatenate(c); np.stack(c)
np.stack((x, x), axis=1); np.stack([f, f]); np.stack((x, x), axis=-1); np.vstack([v, v]); np.vstack((x, v))
np.hstack([v, w]); np.hstack((x, x)); np.hstack([f, v]); np.column_stack((v, v)); np.column_stack((v, z))
np.append(v, 1.0); np.append(v, w); np.append(x, x, axis=0); np.split(v, 1); np.split(x, [1], axis=1)
np.array_split(v, 2); np.split(x, [1, 2]); np.vstack([f, f]); np.stack([v, np.ones(3)]); np.stack(l)
np.broadcast_to(v, (4, 3)); np.broadcast_to(v, x.shape); np.broadcast_to(f, (2, 2)); np.flip(x); np.flip(x, 0)
np.roll(x, 1, axis=0); np.fliplr(x); np.tile(v, 2); np.tile(x, (2, 1)); np.tile(v, (2, 1)); np.tile(f, 3)
np.repeat(v, 2); np.repeat(x, 2, axis=0); np.repeat(x, 1, axis=1); np.repeat(f, 3); np.repeat(v, len(v)); np.take(v, i)
np.take(x, i, axis=0); np.take(x, 0, axis=1); np.take(v, 0); np.take(x, 0); v.take(i); np.repeat(v, i)
np.tile(v, len(v)); np.take(c, i, axis=-1); np.take(x, b * 0, axis=0); np.diff(v); np.diff(x, axis=0); np.diff(x, n=2)
np.diff(v[1:]); np.diff(np.diff(v)); np.pad(v, 1); np.pad(x, ((0, 1), (1, 1))); np.pad(v, (1, 0))
np.pad(x, 1, mode='edge'); np.pad(v[1:], 1); np.diag(v); np.diag(x); np.diag(A); np.diag(v, 1); np.diagonal(c)
np.trace(x); np.trace(c); np.tril(x); np.triu(v); np.triu(x, 1); np.cross(v, v); np.meshgrid(v, w)
np.meshgrid(v, w, indexing='ij'); np.interp(v, [0.0, 1.0], [1.0, 2.0]); np.interp(f, v, v); np.nonzero(b)
np.select([v > 0.5, v > 0.0], [v, v], 1.0); np.select([v > 0.0], [f]); np.linalg.eigh(A); np.linalg.eigvalsh(A)
np.linalg.pinv(A); np.linalg.pinv(A[:2]); np.linalg.svd(x); np.linalg.svd(x, full_matrices=False); np.linalg.svdvals(A)
np.linalg.svd(x, compute_uv=False); np.linalg.svd(A).U; np.linalg.qr(x); np.linalg.qr(A, "r"); np.linalg.qr(x).R
np.linalg.lstsq(A, v); np.linalg.lstsq(x, x); np.linalg.cond(A); np.linalg.cond(x); np.linalg.matrix_rank(A)
np.linalg.matrix_rank(c); np.linalg.matrix_rank(v); np.linalg.matrix_power(A, 2); np.linalg.matrix_power(A, -1)
np.linalg.matrix_power(x, 2); np.linalg.multi_dot([A, A, A]); np.linalg.multi_dot([v, A]); np.linalg.matrix_norm(c)
np.linalg.matrix_norm(x, keepdims=True); np.linalg.vector_norm(c, axis=(0, 2)); np.linalg.vector_norm(x)
np.linalg.matmul(A, x); np.linalg.outer(v, w); np.linalg.tensordot(x, x); np.vecdot(x, v); np.linalg.vecdot(c, v)
np.linalg.trace(c); np.linalg.trace(x); np.linalg.diagonal(c, offset=1); np.linalg.diagonal(x); np.linalg.eigh(c)
np.linalg.matrix_transpose(c); np.linalg.solve(c, c); np.linalg.norm(x, 1); np.linalg.norm(x, np.inf, axis=0)
np.linalg.norm(x, "nuc"); np.linalg.norm(v, 3); np.linalg.eigvals(A); np.linalg.eig(A); np.linalg.eig(A).eigenvectors
np.fft.fft(x); np.fft.fft(x, 3); np.fft.ifft(x, axis=0); np.fft.rfft(x); np.fft.rfft(v, 4); np.fft.irfft(x); np.fft.irfft(x, 4)
np.fft.fftn(x); np.fft.fft2(c); np.fft.rfftn(c); np.fft.rfft2(x, (2, 3)); np.fft.irfftn(c, axes=(1, 2)); np.fft.irfft2(x)
np.fft.fftshift(x); np.fft.fftfreq(4); np.fft.rfftfreq(len(v)); x * 1j; f * 1j; s * 1j; v + f * 2j
(x * 1j).real; (x * 1j).imag; (f * 1j).real; np.abs(x * 1j); abs(f * 1j); np.real(x * 1j); np.imag(x * 1j); np.angle(x * 1j)
(x * 1j).conj(); np.conj(x * 1j); x.astype(np.complex128); np.exp(1j * v); (f * 1j) ** 2; -(f * 1j)
np.sum(x * 1j); (x * 1j)[0]; (v * 1j)[0]; np.vdot(v, v * 1j); np.linalg.inv(A * 1j); np.sqrt(v * 1j); np.linalg.norm(x * 1j)
np.zeros(3, np.complex64); np.array([f, 1j]); np.where(b, x, 1j * x); x @ (x.T * 1j); 1j == f; abs(1j); (1j).real; 2j.imag
np.searchsorted(v, x); np.searchsorted(v, f); np.zeros(3); np.zeros((2, len(v))); np.zeros(k); np.zeros(k - 1)
np.zeros(len(v) - 1); np.zeros(x.shape); np.ones((len(x), 1)); np.zeros(2, dtype=int); np.zeros(x.shape, x.dtype)
np.full(3, f); np.full((2, k), 1); np.full(len(v), 0.0); np.eye(len(v)); np.eye(3, 2); np.identity(2)
np.empty(len(v) + 1); np.zeros(v.shape[0] * 2); np.zeros(()); np.full((), f); np.zeros([2, 3]); np.zeros(len(v)) + v
np.zeros(len(v) - 1) + v[1:]; np.eye(len(v), dtype=np.float32); np.full_like(x, 0); np.zeros_like(x); np.ones_like(f)
np.zeros_like(s); np.empty_like(x, dtype=float); np.zeros_like(l); np.arange(k); np.arange(3); np.arange(len(v))
np.arange(1, k); np.arange(1, len(v)); np.arange(-1, len(v)); np.arange(0, 10, 3); np.arange(f); np.arange(1.0, 3.0)
np.arange(k, k + 2); len(np.arange(k)); np.arange(k)[1:]; np.arange(k)[:k - 1]; np.zeros(k)[:k - 2]
np.linspace(0, 1, 5); np.linspace(0.0, f, len(v)); np.arange(s, 3.0); np.linspace(0, 1); np.linspace(s, 1, k)
np.array(x); np.array(f); np.array(l); np.array([f, f]); np.array([v, v]); np.array([[f], [k]])
np.array([[1.0, f], [f, 2.0]]); np.array([k, k]); np.array([s, s]); np.array((f, 1)); np.array([]); np.array(s)
np.array(x, dtype=float); np.array([v[1:], v[:-1]]); np.array([f, k]); np.asarray(x); np.asarray(l)
np.asarray(f, dtype=np.float32); np.asarray(s); np.copy(s); np.asanyarray(x); np.atleast_1d(f); np.atleast_1d(x)
np.atleast_2d(v); np.atleast_2d(f, x); np.copy(x); np.ascontiguousarray(o); np.array(v, ndmin=2)
np.array(x, np.float32); np.array([x.shape]); np.array(x.shape); np.array(t); np.array(mode); np.arange(k) + v
np.float64(f); np.float32(f); np.float64(x); np.float32(k); np.int64(f); np.float64(3); np.bool_(f); np.float64(o)
np.linalg.norm(x); np.linalg.norm(v); np.linalg.norm(x, axis=0); np.linalg.norm(x, axis=1, keepdims=True)
np.linalg.norm(f); np.linalg.inv(A); np.linalg.det(A); np.linalg.slogdet(A); np.linalg.cholesky(A @ A)
np.linalg.solve(A, x); np.linalg.solve(A, x[:, 0]); np.shape(x); np.shape(f); np.ndim(x); np.size(x); np.size(x, 0)
np.finfo(float).eps; np.finfo(np.float32).max; np.ndim(f); x.sum(); x.sum(axis=0); x.mean(1)
x.max(axis=1, keepdims=True); x.any(); x.std(); x.argmax(axis=0); x.cumsum(); x.copy(); s.copy(); x.astype(float)
x.astype(np.float32); s.astype(float); v.tolist(); v.fill(1); v.item(); o.item(); s.item(); s.sum(); x.clip(0, 1)
x.repeat(2, axis=0); x.swapaxes(0, 1); x.trace(); x.round(2); x.prod(axis=-1); s.reshape(1); x.min(); x.ravel().sum()
x.T.dot(x); x.diagonal(); x.nonzero(); x.all(axis=0); x.var(axis=0, ddof=1); v.dot(v); v.sort(); x.conj(); s.mean()
s.round(2); s.squeeze(); l.append(1.0); l.pop(); l.copy(); l.index(1.0); mode.upper(); mode.startswith('f')
mode.split('a'); 'a{}'.format(k); d.get('a'); d.get('q'); np.add.reduce(x); range(k); slice(1, 2); zip(l, l); str(f)
list(range(k)); np.sum; adjoints.unbroadcast(x, x); adjoints.unbroadcast(x + y, y); adjoints.unbroadcast(x, f)
adjoints.unbroadcast(x[0], x); adjoints.zeros_like(t); adjoints.zeros_like(l); adjoints.zeros_like(x)
adjoints.zeros_like(f); adjoints.zeros_like(s); adjoints.add(none, x); adjoints.add(x, y)
adjoints.accumulated(none, x, x); adjoints.accumulated(x, x, x); adjoints.zeros_like(mode); adjoints.unbroadcast(f, o)
adjoints.unbroadcast(f, s); f - s; k * f; flag * f; index_joins.row_wise((v, f, w)); index_joins.column_wise((x, v))
"""


@pytest.mark.parametrize("text", listed(EXPRESSIONS))
def test_results_conform(text):
    rng = random.Random(text)
    for _ in range(12):
        arguments = random_arguments(rng)
        kind = kind_of_text(text, {name: kind_of(value, name) for name, value in arguments.items()})
        check(text, kind, arguments)


def check(text, kind, arguments):
    at_entry = dict(arguments)
    with np.errstate(all="ignore"):
        try:
            value = eval(text, {**MODULES, **arguments})
        except (ValueError, TypeError, IndexError, ArithmeticError, np.linalg.LinAlgError):
            return
    assert conforms(value, kind, at_entry), (kind, value, arguments)


STEPS = """
p + q; p * q; p - 1; p[1:]; p[:-1]; p[1:-1]; p[0]; p.T; p.sum(axis=0); p.sum(axis=-1, keepdims=True); p.reshape(-1)
p.ravel(); np.concatenate([p, q]); np.stack([p, q]); np.squeeze(p); p[None]; p[..., None]; np.exp(p); np.maximum(p, q)
p @ q; np.dot(p, q); len(p); p.shape; p.shape[0]; p.shape[-1]; np.zeros(p.shape); np.zeros(n); np.zeros(n - 1); n + 1
n - 1; p[:n]; p[:n - 1]; np.arange(n); np.diff(p, axis=0); np.where(p > q, p, q); np.cumsum(p, axis=0); np.append(p, q)
np.tile(p, 2); np.repeat(p, 2); np.pad(p, 1); p < q; np.zeros((n, len(q))); p.reshape(n, -1); p.reshape(p.shape[0], -1)
np.broadcast_to(p, q.shape); np.diag(p); np.outer(p, q); p[::-1]; p[n]; np.full(n, 1.0); np.ones(len(p) - 1)
np.arange(1, n); p[n:]; p[0:2]; p[-1:]; p[:1]; p.mean(); np.sum(p); -p; p / q; p[q > 0]; n * 2; np.vstack([p, q])
np.hstack([p, q]); np.expand_dims(p, 0); np.swapaxes(p, 0, -1); np.eye(n); n == len(p); np.moveaxis(p, 0, -1); p * n
"""


@pytest.mark.parametrize("seed", range(60))
def test_results_of_programs_conform(seed):
    rng = random.Random(seed)
    values = random_arguments(rng)
    entry = dict(values)
    kinds = {name: kind_of(value, name) for name, value in values.items()}
    arrays, ints = ["x", "y", "z", "v", "w", "c", "A", "o"], ["k"]
    for step in range(25):
        text = rng.choice(listed(STEPS))
        chosen = {"p": rng.choice(arrays[-9:]), "q": rng.choice(arrays[-9:]), "n": rng.choice(ints[-4:])}
        scope = {name: values[chosen[name]] for name in chosen}
        with np.errstate(all="ignore"):
            try:
                value = eval(text, {**MODULES, **scope})
            except (ValueError, TypeError, IndexError, ArithmeticError):
                continue
        if np.size(value) > 500:
            continue
        operands = {name: kinds[chosen[name]] for name in chosen}
        kind = kind_of_text(text, operands)
        assert conforms(value, kind, entry), (text, operands, kind, np.shape(value))
        name = f"step{step}"
        values[name], kinds[name] = value, kind
        if isinstance(value, np.ndarray):
            arrays.append(name)
        elif type(value) is int:
            ints.append(name)


@pytest.mark.parametrize("seed", range(20))
def test_both_values_conform_to_a_join(seed):
    rng = random.Random(seed)
    arguments = random_arguments(rng)
    kinds = {name: kind_of(value, name) for name, value in arguments.items()}
    for a in arguments:
        for b in arguments:
            joined = join(kinds[a], kinds[b])
            assert conforms(arguments[a], joined, arguments) and conforms(arguments[b], joined, arguments), (a, b)
            assert join(kinds[b], kinds[a]) == joined and join(joined, kinds[a]) == joined
            assert carries_derivative(joined) or not carries_derivative(kinds[a])


def test_join_in_words():
    n = Length("x.shape[0]", 0, True)
    float64 = np.dtype(float)
    assert join(Float(1.0), Float(2.0)) == Float()
    assert join(Float(), Scalar(float64)) == Number(float64) == join(Int(1), Float())
    assert join(Float(), Scalar(np.dtype(np.float32))) == UNKNOWN
    assert join(Int(1), Int(2)) == Int()
    assert join(Array(float64, (n, 1)), Array(float64, (n, 2))) == Array(float64, (n, None))
    assert join(Array(float64, (n,)), Array(float64, (n, 2))) == Array(float64, None)
    assert join(Array(float64), Array(None)) == Array(None) != Array(float64)
    assert join(Tuple((Int(1), Float())), Tuple((Int(2), Float()))) == Tuple((Int(), Float()))
    assert join(Known(None), Known("a")) == UNKNOWN == join(Known(None), Inert("str"))
    assert join(Known("a"), Known("b")) == Inert("str")
    assert join(List(UNKNOWN, 0), List(Float(), 2)) == List(Float(), None)


def test_kind_of_arguments():
    float64 = np.dtype(float)
    assert kind_of(np.ones((5, 1)), "x") == Array(float64, (Length("x.shape[0]", 0, True), 1))
    assert kind_of(3, "n") == Int(Length("n"))
    assert kind_of(True, "flag") == Bool(True) and kind_of(None, "a") == Known(None)
    assert kind_of((1.0, np.ones(3)), "t") == Tuple((Float(), Array(float64, (Length("t[1].shape[0]", 0, True),))))
    assert kind_of([1.0, 2.0], "l") == kind_of([3.0], "l") == List(Float(), filled=True) and kind_of([], "l") == List(length=0)
    assert kind_of({"a": 1.0, 2: 3.0}, "d") == Dict(item=Float()) and kind_of({1: np.array([None])}, "d") == Dict()
    assert kind_of(random.Random(), "r") == Inert("Random")
    assert kind_of(1j, "z") == Number(np.dtype(complex)) == join(Float(), kind_of(2j, "z"))


@pytest.mark.parametrize("value, reason", [
    (np.matrix([[1.0]]), "matrix"), (np.ma.array([1.0]), "MaskedArray"), (np.array([None]), "Python objects"),
    (np.zeros(2, [("a", float)]), "structured")])
def test_refused_arguments(value, reason):
    with pytest.raises(ArgumentError, match=reason):
        kind_of(value, "x")


def test_truth():
    assert truth(Known(None)) is False and truth(Known("a")) is True and truth(Float()) is None
    assert truth(Int(Length("n"))) is None and truth(Tuple(())) is False and truth(List(Float(), 2)) is True


UNDECIDED = """f ** 0.5; max(f, s); np.add.reduce(x); zip(l, l); f(1); np.sum(x, axis=k)"""


@pytest.mark.parametrize("text", UNDECIDED.split("; "))
def test_what_is_not_certain_is_unknown(text):
    arguments = random_arguments(random.Random(1))
    assert kind_of_text(text, {name: kind_of(value, name) for name, value in arguments.items()}) == UNKNOWN

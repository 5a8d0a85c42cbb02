"""Many tangents or adjoints at once give what each gives alone."""
import numpy as np
import pytest

import autodiff_src as ad
from autodiff_src.api import ForwardPass, vjp_of_values
from autodiff_src.runtime import batched_functions  # noqa: F401  (the rules)
from autodiff_src.runtime.batches import Batch, NotBatched, at_once, batch_of, member
from autodiff_src.runtime.structures import leaves

RANDOM = np.random.default_rng(3)
VECTOR, MATRIX, CUBE = RANDOM.normal(size=(5, 4)), RANDOM.normal(size=(5, 4, 3)), RANDOM.normal(size=(5, 2, 4, 3))
MASK, PICKS = np.array([True, False, True, True]), np.array([2, 0, 2])
W, ROW = RANDOM.normal(size=(4, 3)), RANDOM.normal(size=3)

OPERATIONS = {
    "arithmetic": (lambda x: 2.0 * x - x / 3 + W * x - (1.0 - x) + -x, MATRIX),
    "numbers": (lambda x: x[1, 2] * 2.0 + np.float64(3.0) * x[0, 0] - W * x[2, 1], MATRIX),
    "broadcasting": (lambda x: x[0] * x + x[:, 1][:, None] * ROW + x[None], MATRIX),
    "ufuncs": (lambda x: np.multiply(x, W) + np.negative(x) + np.add(ROW, x[1]), MATRIX),
    "two results": (lambda x: np.modf(x)[0] + np.modf(x)[1] * 2.0, MATRIX),
    "reduce": (lambda x: np.add.reduce(x, axis=1) * 2.0, MATRIX),
    "at": (lambda x: _added_at(x), VECTOR),
    "sums": (lambda x: x.sum() + x.sum(axis=0) + x.sum(axis=-1, keepdims=True) + np.sum(x, axis=(0, 1)), MATRIX),
    "means": (lambda x: np.mean(x) + np.mean(x, axis=0) + x.cumsum().sum() + np.cumsum(x, axis=1), MATRIX),
    "sum of a number": (lambda x: np.sum(x[0, 0]) + 1.0, MATRIX),
    "shapes": (lambda x: x.reshape(3, 4) + x.T + np.ravel(x).reshape((3, -1)) + x.swapaxes(0, 1), MATRIX),
    "more shapes": (lambda x: np.squeeze(x[None], axis=0) + np.expand_dims(x[:, 0], 1) + x.flatten()[:3], MATRIX),
    "transposed": (lambda x: np.transpose(x, (1, 0, 2)) + x.transpose(1, 2, 0)[:, 0, :1, None]
                   + x.T[0, :, 0][:, None, None], CUBE),
    "broadcast": (lambda x: np.broadcast_to(x, (4, 4)) * 2.0, VECTOR),
    "joined": (lambda x: np.concatenate([x, W, x[:1]]) + np.stack([x[0], ROW])[1], MATRIX),
    "joined behind": (lambda x: np.concatenate([x, W], axis=-1), MATRIX),
    "arrays of parts": (lambda x: np.stack([x[0] * 2.0, x[1]], axis=1) + np.vstack([x[:, :2], W[:, :2]])[:3], MATRIX),
    "chosen": (lambda x: np.where(W > 0.0, x, 0.0) + np.where(ROW > 0.0, 1.0, x[0]), MATRIX),
    "slices": (lambda x: x[1:] - x[:-1] + x[::-1][:3] + x[-3:, ...], MATRIX),
    "masks": (lambda x: x[MASK] + x[PICKS] + x[[0, 1, 3]], MATRIX),
    "masks of matrices": (lambda x: x[W > 0.0] * 2.0, MATRIX),
    "indices apart": (lambda x: x[PICKS % 2, :, PICKS] + x[0, :, PICKS], CUBE),
    "indices together": (lambda x: x[:, PICKS, PICKS] + x[1, PICKS][:2], CUBE),
    "new axes": (lambda x: x[:, None] * x[None, :], VECTOR),
    "matmul": (lambda x: W.T @ x + x.T @ W + (x @ ROW)[0] + ROW @ x.T @ W, MATRIX),
    "products of vectors": (lambda x: x @ VECTOR[0] + VECTOR[1] @ x + x.dot(x) + np.dot(2.0, x), VECTOR),
    "stacks of matrices": (lambda x: x @ W.T + CUBE[0] @ np.swapaxes(x, 1, 2), CUBE),
    "outer": (lambda x: np.outer(x, ROW) + np.outer(VECTOR[0], x[:3]), VECTOR),
    "einsum": (lambda x: np.einsum("ij,ik->jk", x, W) + np.einsum("ij,j", x, ROW)[0], MATRIX),
    "einsum of one": (lambda x: np.einsum("iij->j", x[:, :2]) + np.einsum("...j->...", x[0])[0], CUBE),
    "take": (lambda x: np.take(x, PICKS, axis=0) + np.take(x, PICKS), MATRIX),
    "solve": (lambda x: np.linalg.solve(W[:3], x[:3]) + np.linalg.solve(W[:3], x[:3, 0])[:, None], MATRIX),
    "one by one": (lambda x: np.diff(x, axis=0) + np.flip(x)[:3] + np.linalg.inv(x[:3]) + np.tril(x)[1:], MATRIX),
    "methods one by one": (lambda x: x.trace() + x.diagonal() * 2.0 + x.repeat(2, axis=0)[:3, :3], MATRIX),
    "complex": (lambda x: (x * (1.0 + 2.0j)).real + np.imag(x * 1j) + np.conjugate(x * 2j).imag, MATRIX),
    "in place": (lambda x: _written(x.copy()), MATRIX),
    "a number is no view": (lambda x: _number_kept(x.copy()), VECTOR),
    "an update of a number": (lambda x: _updated(x), VECTOR),
    "single precision": (lambda x: x.astype(np.float32) * np.float32(2.0), MATRIX),
    "iterated": (lambda x: sum(row * k for k, row in enumerate(x)) + len(x), MATRIX),
    "filled": (lambda x: np.zeros_like(x) + x, MATRIX),
}


def _added_at(x):
    made = x * 0.0
    np.add.at(made, PICKS, x[:3])
    return made


def _written(x):
    x[1:] += x[:-1]
    x[0] *= 2.0
    x[2] = ROW
    x[MASK] -= 1.0
    x[PICKS % 2, 1] = x[0, 0]
    x[..., 2] = x[:, 0] / 2.0
    x[0, 0] = 5.0
    return x


def _number_kept(x):
    first = x[0]
    x[0] = x[1]
    x[1] = first
    return x * first


def _updated(x):
    first = x[0]
    total = first
    total += x[1]
    total *= 2.0
    return first * x + total


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_gives_for_each_member_what_it_gives_alone(name):
    f, data = OPERATIONS[name]
    found = f(Batch(data.copy()))
    assert isinstance(found, Batch)
    for b, one in enumerate(data):
        expected = f(one.copy())
        assert np.shape(expected) == found.shape and found.dtype == np.result_type(expected)
        np.testing.assert_allclose(member(found, b), expected, rtol=1e-12)


@pytest.mark.parametrize("lose", [
    float, bool, np.asarray, lambda x: np.zeros(4).__iadd__(x), lambda x: np.copyto(np.zeros(4), x), lambda x: x.item(),
    lambda x: np.sum(x, out=np.zeros(())), lambda x: np.add.at(np.zeros(4), PICKS, x[:3]), lambda x: VECTOR[0][x],
    lambda x: np.multiply(x, 2.0, where=MASK), lambda x: x[x]])
def test_what_would_lose_members_is_refused(lose):
    with pytest.raises((NotBatched, IndexError)):
        lose(Batch(VECTOR.copy()))


def test_structures_of_batches():
    parts = [[{"a": x, "b": (x[0], None)}, 2] for x in VECTOR]
    batch = batch_of(parts)
    assert batch[0]["a"].shape == (4,) and batch[0]["b"][0].shape == () and batch[1] == 2
    back = member(batch, 3)
    assert np.array_equal(back[0]["a"], VECTOR[3]) and back[0]["b"] == (VECTOR[3, 0], None)


def test_large_arrays_come_few_at_a_time():
    assert at_once([1.0, np.zeros(10)]) == 64
    assert at_once([np.zeros(2 ** 16)]) == 4
    assert at_once([np.zeros(2 ** 20)]) == 1


def stepped(p):
    state, states = np.array([1.0, 0.5]), []
    for k in range(20):
        pull = p[k % 12] * state[1] - p[3] * state[0]
        state = state + 0.1 * np.array([state[1], pull])
        states.append(state)
    return np.stack(states)


def swept(x):
    y = np.zeros(len(x))
    for i in range(len(x)):
        y[i] = x[i] * x[i - 1] + np.sin(x[i])
        if y[i] > 0.0:
            y[i] *= 2.0
    return y


def joined(w, b):
    h = np.tanh(w.reshape(4, 3) @ b)
    return {"h": h, "s": [np.sum(h * w[:4]), np.concatenate([h, w])]}


CALLS = [(stepped, (np.linspace(0.2, 1.0, 12),)), (swept, (np.linspace(-1.0, 1.0, 30),)),
         (joined, (np.linspace(-1.0, 1.0, 12), np.array([0.3, 0.5, -0.2])))]


@pytest.mark.parametrize("mode", ["forward", "reverse"])
@pytest.mark.parametrize("f, args", CALLS, ids=lambda one: getattr(one, "__name__", ""))
def test_jacobians_at_once(f, args, mode, monkeypatch):
    found = ad.jacobian(f, mode=mode)(*args)
    monkeypatch.setattr("autodiff_src.runtime.batches._MOST", 1)
    alone = ad.jacobian(f, mode=mode)(*args)
    for one, other in zip(leaves(found), leaves(alone), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-15)
    text = (ForwardPass(f, args, (0,)).text if mode == "forward" else vjp_of_values(f, args, (0,))[1].text)
    assert text.batched is not None and text.not_batched is None


def test_what_takes_no_batch_goes_one_by_one():
    def f(x):
        y = np.zeros(x.shape)
        y[0] = float(x[0]) * x[1]
        return y * x

    x = np.linspace(0.5, 2.0, 12)
    expected = np.diag(np.where(np.arange(12) == 0, x[0] * x[1], 0.0))
    expected[0, :2] += x[0] * x[1], x[0] * x[0]
    np.testing.assert_allclose(ad.jacobian(f, mode="forward")(x), expected, rtol=1e-13)


def test_errors_of_the_function_are_its_own():
    def f(x):
        return x * [2.0][int(x[0] > 1.0)]

    jacobian = ad.jacobian(f, mode="forward")
    assert jacobian(np.linspace(0.0, 1.0, 12)).shape == (12, 12)
    with pytest.raises(IndexError, match="list index out of range"):
        jacobian(np.linspace(2.0, 1.0, 12))

"""Real programs with complex numbers in them, and Fourier transforms."""
import cmath

import numpy as np
from language_case import case, some, vector


def power_spectrum(a):
    return np.sum(np.abs(np.fft.fft(a)) ** 2 * np.arange(1.0, 1.0 + a.size))


def filtered(a):
    spectrum = np.fft.rfft(a)
    spectrum[2:] = 0.5j * spectrum[2:]
    return np.sum(np.fft.irfft(spectrum, a.size) ** 3)


def filtered_image(a):
    spectrum = np.fft.fftshift(np.fft.fft2(a)) * np.exp(-0.1 * np.arange(a.shape[1]))
    return np.sum(np.real(np.fft.ifft2(np.fft.ifftshift(spectrum))) ** 2)


def convolved(a, b):
    n = a.size + b.size - 1
    return np.sum(np.fft.irfftn(np.fft.rfftn(a, (n,), (0,)) * np.fft.rfftn(b, (n,), (0,)), (n,), (0,)) ** 3)


def phases(a):
    z = np.fft.fft(a)[1:3] + 2.0
    return np.sum(np.angle(z) * np.abs(z)) + np.angle(z[0], deg=True)


def derivative_by_frequencies(a):
    k = 2j * np.pi * np.fft.fftfreq(a.size)
    return np.sum(np.fft.ifft(k * np.fft.fft(a)).real ** 2 * a)


def rotated_in_a_loop(x, n):
    z = complex(x, 1.0)
    for _ in range(n):
        z = z * z / abs(z) + 0.1j
    return z.real * z.imag


def written_into(a):
    z = a + 0j
    z[0] = z[1] * 1j
    z *= a
    return np.sum((z * z.conj()).real ** 2)


def branch(x):
    z = x + 1j
    if z.real > 0.0:
        z = np.exp(1j * z)
    return abs(z) ** 2 + z.imag


def impedance(r, c):
    total = r + 1.0 / (1j * c) + 1.0 / (1.0 / r + 1j * c)
    return abs(total)


def helper_of_complex(x):
    return (_squared(x + 2j) + _squared(x)).imag


def _squared(z):
    return z * z


def spectral_norm_of_shifted(a):
    m = a @ a.T + 1j * np.eye(a.shape[0])
    return np.abs(np.trace(np.linalg.inv(m))) + np.linalg.norm(np.linalg.solve(m, a[:, 0]))


def in_containers(x):
    held = {"z": x * 1j, "w": [x + 1j]}
    held["z"] = held["z"] * held["w"][0]
    return held["z"].real


def real_view_of_a_product(a):
    z = a * np.conj(a * (1.0 + 1j))
    return np.sum(z.real[1:] * z.imag[:-1])


def made_complex_by_its_type(x):
    z = np.asarray(x, np.complex128)
    return (z * z).real



def roots(b, c):
    """Of x * x + b * x + c: real numbers or complex ones, one or two."""
    if b == 0.0 and c > 0.0:
        return (cmath.sqrt(-c),)
    d = b * b - 4.0 * c
    r = cmath.sqrt(d) if d < 0.0 else d ** 0.5
    return (-b + r) / 2.0, (-b - r) / 2.0


def real_roots_among_others(x, y):
    total = 0.0
    for root in roots(x + 1.0, y - 1.0):
        if abs(root.imag) < 1e-9 and root.real < 0.5:
            total += root.real * x
    return total


def real_parts_of_roots(x, y):
    found = roots(x, y)
    return found[0].real * y + found[1].real * x


def spiral(x, y):
    z = cmath.exp(complex(-x, y)) * cmath.sin(y) + cmath.log(-x)
    return (z * z).real + abs(cmath.atanh(z / 3.0))


PROGRAMS = [
    case(real_roots_among_others, 0.3, 0.7), case(real_parts_of_roots, 0.3, 0.7), case(real_parts_of_roots, 3.3, 0.7),
    case(spiral, 0.4, 0.9, smooth=True),
    case(made_complex_by_its_type, 1.3, smooth=True),
    case(power_spectrum, some(5), smooth=True), case(filtered, some(6), smooth=True), case(filtered, some(7), smooth=True),
    case(filtered_image, some(3, 4), smooth=True), case(convolved, some(4), some(3), smooth=True),
    case(phases, some(5), smooth=True), case(derivative_by_frequencies, some(6), smooth=True),
    case(rotated_in_a_loop, 0.7, 3, smooth=True), case(written_into, vector(0.7, -1.2, 0.4), smooth=True),
    case(branch, 0.7, smooth=True), case(branch, -0.7, smooth=True), case(impedance, 0.7, 1.3, smooth=True),
    case(helper_of_complex, 0.7, smooth=True), case(spectral_norm_of_shifted, some(3, 4), smooth=True),
    case(in_containers, 0.7, smooth=True), case(real_view_of_a_product, some(4), smooth=True),
]

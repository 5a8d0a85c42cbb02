"""Every public function of parts of SciPy has a rule, is known to have no derivative, or is refused for a reason."""
from __future__ import annotations

import importlib
import types
from collections.abc import Callable, Iterator
from typing import Any

import autodiff_src.templates  # noqa: F401  (registers the rules)
import pytest

from autodiff_src.rules import is_cut, rule_for

special = pytest.importorskip("scipy.special", reason="these functions are of SciPy")

LATER = "not differentiated yet"
TABLES = "gives zeros, roots, weights or polynomials of whole orders: data"
WHOLE = "of whole numbers"
SETTINGS = "settings and tests, no computation"
PARAMETERS = "solves for a parameter, with respect to which the distribution has no derivative in closed form"
NO_FORM = "its derivative has no closed form"
SEVERAL = "gives all orders up to one: call the function of one order"
COMPLEX = "gives complex numbers, or may: np.linalg.eig has a rule"
BASES = "a basis that may be another one"

SPECIAL = {
    SETTINGS: """
        geterr seterr test""",
    TABLES: """
        ai_zeros bei_zeros beip_zeros ber_zeros berp_zeros bi_zeros c_roots cg_roots chebyc chebys chebyt
        chebyu erf_zeros fresnel_zeros fresnelc_zeros fresnels_zeros gegenbauer genlaguerre h_roots he_roots
        hermite hermitenorm j_roots jacobi jn_zeros jnjnp_zeros jnp_zeros jnyn_zeros js_roots kei_zeros
        keip_zeros kelvin_zeros ker_zeros kerp_zeros l_roots la_roots laguerre legendre mathieu_even_coef
        mathieu_odd_coef obl_cv_seq p_roots pro_cv_seq ps_roots roots_chebyc roots_chebys roots_chebyt
        roots_chebyu roots_gegenbauer roots_genlaguerre roots_hermite roots_hermitenorm roots_jacobi
        roots_laguerre roots_legendre roots_sh_chebyt roots_sh_chebyu roots_sh_jacobi roots_sh_legendre
        s_roots sh_chebyt sh_chebyu sh_jacobi sh_legendre t_roots ts_roots u_roots us_roots y0_zeros
        y1_zeros y1p_zeros yn_zeros ynp_zeros""",
    WHOLE: """
        bernoulli comb euler factorial factorial2 factorialk perm stirling2""",
    PARAMETERS: """
        bdtri bdtrik bdtrin btdtria btdtrib chdtri chdtriv chndtr chndtridf chndtrinc chndtrix fdtri
        fdtridfd gdtria gdtrib gdtrix nbdtr nbdtrc nbdtri nbdtrik nbdtrin ncfdtr ncfdtri ncfdtridfd
        ncfdtridfn ncfdtrinc nctdtr nctdtridf nctdtrinc nctdtrit nrdtrimn nrdtrisd pdtri pdtrik stdtridf""",
    NO_FORM: """
        ellip_harm ellip_harm_2 ellip_normal kolmogi kolmogorov log_wright_bessel mathieu_a mathieu_b
        mathieu_cem mathieu_modcem1 mathieu_modcem2 mathieu_modsem1 mathieu_modsem2 mathieu_sem obl_ang1
        obl_ang1_cv obl_cv obl_rad1 obl_rad1_cv obl_rad2 obl_rad2_cv pro_ang1 pro_ang1_cv pro_cv pro_rad1
        pro_rad1_cv pro_rad2 pro_rad2_cv smirnov smirnovi tklmbda wright_bessel zetac""",
    SEVERAL: """
        assoc_legendre_p_all clpmn legendre_p_all lmbda lpmn lpn lqmn lqn pbdn_seq pbdv_seq pbvv_seq
        riccati_jn riccati_yn sph_harm_y_all sph_legendre_p_all""",
    LATER: """
        agm airye assoc_laguerre assoc_legendre_p besselpoly betaincc betainccinv btdtr btdtri diric elliprc
        elliprd elliprf elliprg elliprj eval_sh_jacobi h1vp h2vp it2i0k0 it2j0y0 it2struve0 itairy iti0k0
        itj0y0 itmodstruve0 itstruve0 kelvin legendre_p modfresnelm modfresnelp pbdv pbvv pbwa sph_harm
        sph_harm_y sph_legendre_p""",
}
LINALG = {
    SETTINGS: "find_best_blas_type get_blas_funcs get_lapack_funcs test",
    WHOLE: "clarkson_woodruff_transform dft hadamard helmert hilbert invhilbert invpascal pascal",
    COMPLEX: "cdf2rdf eig eigvals funm qz ordqz rsf2csf schur",
    BASES: "null_space orth cossin diagsvd subspace_angles qr_delete qr_insert qr_multiply qr_update",
    LATER: """
        cho_solve_banded cholesky_banded companion convolution_matrix coshm cosm eig_banded eigh_tridiagonal
        eigvals_banded eigvalsh_tridiagonal expm_cond expm_frechet fiedler fiedler_companion
        fractional_matrix_power hankel hessenberg interpolative khatri_rao ldl leslie lu matmul_toeplitz matrix_balance
        orthogonal_procrustes pinvh polar rq signm sinhm sinm solve_circulant solve_continuous_are
        solve_discrete_are solve_toeplitz solveh_banded tanhm tanm""",
}
FFT = {SETTINGS: "get_workers set_backend set_global_backend set_workers skip_backend register_backend test prev_fast_len",
       LATER: "dctn dstn idctn idstn fht fhtoffset ifht hfft2 hfftn ihfft2 ihfftn"}
REFUSED: dict[str, dict[str, str]] = {
    home: {name: reason for reason, names in reasons.items() for name in names.split()}
    for home, reasons in (("scipy.special", SPECIAL), ("scipy.linalg", LINALG), ("scipy.fft", FFT))}


def public(module: types.ModuleType) -> Iterator[tuple[str, Callable[..., Any]]]:
    """(name, function) of the functions that a module offers, classes aside."""
    for name in sorted(dir(module)):
        function = getattr(module, name)
        if name[0] != "_" and callable(function) and not isinstance(function, (type, types.ModuleType)):
            yield name, function


FUNCTIONS = [(home, *pair) for home in REFUSED for pair in public(importlib.import_module(home))]


@pytest.mark.parametrize("home, name, function", FUNCTIONS, ids=[f"{home}.{name}" for home, name, _ in FUNCTIONS])
def test_every_function_is_decided(home: str, name: str, function: Callable[..., Any]) -> None:
    decided = rule_for(function) is not None or is_cut(function)
    assert decided or name in REFUSED[home], f"{home}.{name} has neither a rule nor a reason"
    assert not (decided and name in REFUSED[home]), f"{home}.{name} is covered: take it off the list"

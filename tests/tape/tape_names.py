"""The public names of the tape, under the name `ad`."""
import types

import autodiff_src.templates  # noqa: F401  (registers the rules)

import autodiff_src

if hasattr(autodiff_src, "GradientTape"):
    ad = autodiff_src
else:
    from autodiff_src import errors
    from autodiff_src.differentiate.expand import as_pullback
    from autodiff_src.runtime import recording, tape, tensor, variable

    recording.use_pullbacks(as_pullback)
    ad = types.SimpleNamespace(
        GradientTape=tape.GradientTape, Variable=variable.Variable, constant=tensor.constant,
        convert_to_tensor=tensor.convert_to_tensor, stop_gradient=tensor.detached, AutodiffError=errors.AutodiffError,
        ArgumentError=errors.ArgumentError, NoRuleError=errors.NoRuleError, UnsupportedError=errors.UnsupportedError)

"""The calls that become other statements once kinds are known, each in a module of its own."""
from __future__ import annotations

from collections.abc import Callable

import gast

from autodiff_src.analyze.array_arguments import ArrayArguments
from autodiff_src.analyze.array_views import ArrayViews
from autodiff_src.analyze.attributes_by_name import AttributesByName
from autodiff_src.analyze.bound_methods import BoundMethods
from autodiff_src.analyze.conversions import Conversions
from autodiff_src.analyze.copied_structures import CopiedStructures
from autodiff_src.analyze.distributions import DistributionCalls
from autodiff_src.analyze.expression_kinds import Env, ExpressionKinds
from autodiff_src.analyze.flat_arrays import FlatArrays
from autodiff_src.analyze.loose_keywords import LooseKeywords
from autodiff_src.analyze.named_tuples import NamedTuples, Unstarred
from autodiff_src.analyze.outside_names import OutsideNames
from autodiff_src.analyze.sequence_operands import SequenceOperands
from autodiff_src.analyze.ufunc_methods import UfuncMethods
from autodiff_src.analyze.writing_calls import WritingCalls
from autodiff_src.program import FreshNames, Program
from autodiff_src.runtime.libraries import Library

Way = Callable[[gast.Assign | gast.Expr, Env], list[gast.stmt] | None]


def ways_of_rewriting(program: Program, expressions: ExpressionKinds, names: FreshNames, local: set[str],
                      outside: OutsideNames, unstarred: Unstarred, library: Library | None) -> list[Way]:
    """Functions that give what stands for a statement of one function, or None."""
    return [
        LooseKeywords(expressions, names, outside).rewrite,
        CopiedStructures(expressions, names, outside).rewrite,
        Conversions(expressions, names).rewrite,
        AttributesByName(expressions).rewrite,
        ArrayViews(expressions, outside).rewrite,
        SequenceOperands(expressions, names, outside).rewrite,
        FlatArrays(program, expressions, outside).rewrite,
        BoundMethods(expressions, names, local, outside).rewrite,
        NamedTuples(program, expressions, names, outside, unstarred).rewrite,
        UfuncMethods(expressions, outside, library).rewrite,
        WritingCalls(program, expressions, names, local, outside).rewrite,
        DistributionCalls(program, expressions, names, outside).rewrite,
        ArrayArguments(expressions, names, outside).rewrite,
    ]

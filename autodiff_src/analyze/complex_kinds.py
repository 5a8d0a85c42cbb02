"""Which values are complex."""
from __future__ import annotations

from collections.abc import Collection

from autodiff_src.analyze.kinds import UNKNOWN, Array, Kind, List, Scalar, Tuple, Unknown, number_in


def holds_complex(kind: Kind) -> bool | None:
    """Is the value complex, or are there complex numbers in it? None where that is not known."""
    kind = number_in(kind)
    if isinstance(kind, (Array, Scalar)):
        return None if kind.dtype is None else kind.dtype.kind == "c"
    if isinstance(kind, Unknown):
        return None
    items: Collection[Kind] = ()
    if isinstance(kind, List):
        items = () if kind.length == 0 else (kind.item,)
    elif isinstance(kind, Tuple):
        items = (UNKNOWN,) if kind.items is None else kind.items
    found = [holds_complex(item) for item in items]
    return True if True in found else None if None in found else False

"""`python -m autodiff_src rules` prints which functions are differentiated, in which mode, in which forms of call."""
from __future__ import annotations

import sys

from autodiff_src.listing import rules_listed


def main(arguments: list[str]) -> int:
    if arguments != ["rules"]:
        print(__doc__, file=sys.stderr)
        return 2
    print("\n".join(rules_listed()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Judges the functions whose names come on standard input, one a line; answers each with a line of JSON."""
from __future__ import annotations

import dataclasses
import json
import os
import sys

from .judge import judge
from .packages import PACKAGES, targets


def main(package: str) -> None:
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what the package prints goes elsewhere
    known = targets(next(p for p in PACKAGES if p.name == package))
    print(json.dumps(sorted(known)), file=answers, flush=True)
    for line in sys.stdin:
        print(json.dumps(dataclasses.asdict(judge(known[line.strip()]))), file=answers, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])

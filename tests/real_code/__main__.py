"""`python -m tests.real_code [--package fluids] [--function name] [--jobs 2] [--save file] [--compare file]`."""
from __future__ import annotations

import argparse
import contextlib
import dataclasses
import json
import sys
from pathlib import Path

from . import report
from .judge import Outcome
from .packages import installed
from .pool import judged


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.real_code", description=__doc__)
    parser.add_argument("--package", action="append", help="only this one; may be given again")
    parser.add_argument("--function", default="", help="only functions with this text in their full name")
    parser.add_argument("--jobs", type=int, default=2, help="processes at a time")
    parser.add_argument("--save", type=Path, help="where to keep the outcomes, a line of JSON each")
    parser.add_argument("--compare", type=Path, help="outcomes kept before: what has changed is printed")
    options = parser.parse_args()
    packages = [p for p in installed() if not options.package or p.name in options.package]
    if not packages:
        print("none of the packages is installed: pip install autodiff_src[real-code]", file=sys.stderr)
        return 2
    outcomes = []
    with contextlib.ExitStack() as files:
        save = options.save and files.enter_context(options.save.open("w"))
        for package, outcome in judged(packages, lambda name: options.function in name, options.jobs):
            outcomes.append((package, outcome))
            if save:
                print(json.dumps([package, dataclasses.asdict(outcome)]), file=save, flush=True)
    for title, lines in (("dropped", report.dropped(outcomes)), ("refused", report.reasons(outcomes)),
                         ("defects", report.defects(outcomes)), ("shares", report.shares(outcomes))):
        print(f"\n== {title}", *lines, sep="\n")
    if options.compare:
        before = {o["name"]: Outcome(**o) for _, o in map(json.loads, options.compare.read_text().splitlines())}
        print("\n== changed", *report.changes(before, outcomes), sep="\n")
    return int(any(o.kind in ("wrong", "crashed") for _, o in outcomes))


if __name__ == "__main__":
    sys.exit(main())

"""``banner rules check``: what of a collection of rules loads, what does not, and why."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ...recognition.check import check


def run(args: argparse.Namespace) -> int:
    """Exit status: 0, or 1 where something does not load or an example fails, 2 for no collection."""
    worst = 0
    for path in args.paths:
        try:
            report = check(Path(path))
        except OSError as error:
            print(f"banner rules: {error.filename or path}: {error.strerror}", file=sys.stderr)
            return 2
        except ValueError as error:
            print(f"banner rules: {error}", file=sys.stderr)
            return 2
        sys.stdout.write(report.text())
        worst = max(worst, 0 if report.good else 1)
    return worst

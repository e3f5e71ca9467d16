"""``banner demo`` has no options."""

from __future__ import annotations

import argparse

EXAMPLES = """example:
  banner demo"""


def fill(parser: argparse.ArgumentParser) -> None:
    """Nothing to choose."""

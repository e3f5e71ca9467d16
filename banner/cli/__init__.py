"""The command line: the parser, and for each command its options and its run.

It translates between a person and the other rooms: options to values, exceptions to messages and exit
statuses. No rule of the product lives here.
"""

from . import plain  # noqa: F401 - before whatever here imports argparse
from .main import main

__all__ = ["main"]

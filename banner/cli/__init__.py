"""The command line: the parser, and for each command its options and its run.

It translates between a person and the other rooms: options to values, exceptions to messages and exit
statuses. No rule of the product lives here.
"""

import gc

_collects = gc.isenabled()
gc.disable()  # all that is imported stays, as in `main`
from . import plain  # noqa: E402, F401 - before whatever here imports argparse
from .main import main  # noqa: E402

if _collects:
    if not gc.get_freeze_count():
        # All is as old as what was imported long ago, without being looked through for that: 0.6 ms.
        gc.freeze()
        gc.unfreeze()
    gc.enable()

__all__ = ["main"]

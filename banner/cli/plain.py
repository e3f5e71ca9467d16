"""argparse, imported without what translates its messages: importing this module first is all there is to it.

Python comes with no translations of them, and ours are not translated; to look for some takes a tenth of the time of
``banner --help``. Nobody else finds another gettext than the real one.
"""

from __future__ import annotations

import sys
from types import ModuleType

_NAME = "gettext"


class _StandIn(ModuleType):
    """What argparse takes by name."""

    @staticmethod
    def gettext(message: str) -> str:
        return message

    @staticmethod
    def ngettext(one: str, several: str, number: int) -> str:
        return one if number == 1 else several


_stand_in = sys.modules.setdefault(_NAME, _StandIn(_NAME))
try:
    import argparse as argparse
finally:
    if type(_stand_in) is _StandIn:
        del sys.modules[_NAME]

"""msgspec, imported without what it does not need: importing this module first is all there is to it.

``msgspec`` takes three names from ``typing_extensions`` where that is installed, and from Python 3.11 on these are
``typing``'s own: ``Required`` and ``NotRequired`` are the same objects, and ``get_type_hints`` does the same when it
keeps extras, as msgspec calls it. Reading the whole module for them takes a third of what msgspec's import takes.

Another sixth is one call of ``compile``, the first of a process, which makes the classes of Python's syntax: msgspec
asks ``typing.ForwardRef("Foo", is_class=True)`` whether there is that argument, and drops what comes of it.
"""

from __future__ import annotations

import sys
import typing
from _thread import allocate_lock  # threading's own, without what else that imports
from types import ModuleType
from typing import Any

_NAME = "typing_extensions"


class _StandIn(ModuleType):
    """``typing``'s names for msgspec; whoever asks for another (another thread, meanwhile) gets the whole module."""

    Required = typing.Required
    NotRequired = typing.NotRequired
    get_type_hints = staticmethod(typing.get_type_hints)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # the import system's own questions
            raise AttributeError(name)
        _leave(self)
        import typing_extensions

        return getattr(typing_extensions, name)


def _compile(source: Any, *rest: Any, **more: Any) -> Any:
    return _ASKED if source == "Foo" else compile(source, *rest, **more)


_ASKED = (lambda: None).__code__
_leaving = allocate_lock()


def _leave(module: ModuleType) -> None:
    """Let the next import find the whole module: once, for another thread may have done so, and have it already."""
    with _leaving:
        if type(module) is _StandIn and sys.modules.get(_NAME) is module:
            del sys.modules[_NAME]


_stand_in = sys.modules.setdefault(_NAME, _StandIn(_NAME))
_names: dict[str, Any] = vars(typing)
try:
    _names["compile"] = _compile
    import msgspec as msgspec
finally:
    _names.pop("compile", None)
    _leave(_stand_in)

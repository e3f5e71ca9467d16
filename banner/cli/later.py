"""What asyncio, msgspec and we import at their start, and most commands never use, is imported when it is used.

A process that visits one target spends most of its time on imports, and these would be a quarter of them: OpenSSL,
which a visit in the clear does not need, what looks into functions, what prints tracebacks, and what logs. This is for
our own process alone; a program that imports banner has its modules as they are.
"""

from __future__ import annotations

import concurrent  # noqa: F401 - empty, and it is asked for its futures
import os
import sys
from _thread import RLock  # threading's own, without what else that imports
from contextlib import suppress
from importlib import import_module
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_PACKAGES = ("concurrent.futures", "logging")
"""Which of them have modules of their own."""
_lock = RLock()
_running: list[ModuleType] = []


class _Later(ModuleType):
    """A module that has not run yet: what is asked of it that it does not have makes it run, once."""

    def __getattr__(self, name: str) -> Any:
        if name == "__path__" and self.__name__ not in _PACKAGES:  # the import system's question
            raise AttributeError(name)
        with _lock:
            if type(self) is _Later:
                _run(self, name)
        return getattr(self, name)


def _run(module: ModuleType, name: str) -> None:
    """Run `module`, of which `name` was asked. Other threads wait until that is done."""
    if module in _running:  # by itself, at a place of its own where that is not there yet
        raise AttributeError(f"module {module.__name__!r} has no attribute {name!r} yet")
    spec = _find(module.__name__)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(f"No module named {module.__name__!r}", name=module.__name__)
    module.__spec__, module.__loader__, module.__file__ = spec, spec.loader, spec.origin
    if spec.submodule_search_locations is not None:
        module.__path__ = spec.submodule_search_locations
    _running.append(module)
    try:
        spec.loader.exec_module(module)
        module.__class__ = ModuleType  # as importlib's own lazy modules do
    finally:
        _running.remove(module)


class _NoSocket:
    """In place of TLS's sockets: before their module has run nothing is one of them."""


class _Logger:
    """In place of a logger of asyncio's or ours. Before `logging` has run nobody can have asked for less than warnings,
    and asyncio tells less of each loop."""

    def __init__(self, name: str) -> None:
        self._name = name

    def isEnabledFor(self, level: int) -> bool:  # noqa: N802 - the library's name
        return level >= _WARNING if _waits("logging") else bool(self._real.isEnabledFor(level))

    def debug(self, *told: object, **how: Any) -> None:
        if not _waits("logging"):
            self._real.debug(*told, **how)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    @property
    def _real(self) -> Any:
        return _real_logger(self._name)


_DEBUG, _INFO, _WARNING = 10, 20, 30
"""As `logging` has them."""
_FUTURES = ("FIRST_COMPLETED", "FIRST_EXCEPTION", "ALL_COMPLETED")
"""Names of `concurrent.futures` that asyncio takes: each is its own value."""


def _logger(name: str | None = None) -> Any:
    """In place of ``logging.getLogger``: others than asyncio and we may want more of a logger."""
    if name is not None and name.partition(".")[0] in ("asyncio", "banner"):
        return _Logger(name)
    return _real_logger(name)


def _real_logger(name: str | None) -> Any:
    logging: Any = sys.modules["logging"]
    with _lock:  # another thread may have it run
        return logging.Logger.manager.getLogger(name) if name else logging.root


def _by_name(module: str, *functions: str) -> dict[str, Callable[..., Any]]:
    """For who takes functions by name before their module has run: called, they run it and are the real ones."""

    def later(function: str) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            there = sys.modules[module]
            if type(there) is _Later:
                with _lock:
                    if type(there) is _Later:
                        _run(there, function)
            return getattr(there, function)(*arguments, **named)

        return call

    return {function: later(function) for function in functions}


def postpone() -> None:
    """Have these modules run when they are used; those that are imported already stay as they are."""
    _later("asyncio.sslproto")
    _later("banner.addresses.proxies", **_by_name("banner.addresses.proxies", "parse_proxy"))
    _later("banner.recognition.markup")
    _later("banner.recognition.page")
    _later("banner.visit.source", **_by_name("banner.visit.source", "source"))
    _later("concurrent.futures", **dict(zip(_FUTURES, _FUTURES, strict=True)))
    _later("inspect", **_by_name("inspect", "isgenerator", "iscoroutinefunction"))  # uvloop takes them
    _later("linecache")
    _later("logging", DEBUG=_DEBUG, INFO=_INFO, getLogger=_logger)
    _later("msgspec._json_schema", **_by_name("msgspec._json_schema", "schema", "schema_components"))
    _later("msgspec.inspect")
    _later("msgspec.toml")
    _later("msgspec.yaml")
    _later("ssl", SSLSocket=_NoSocket)  # asyncio asks of each socket whether it is one
    _later("subprocess", PIPE=-1, STDOUT=-2, DEVNULL=-3)  # asyncio.subprocess has them too
    _later("textwrap")
    _later("traceback", **_by_name("traceback", "extract_stack"))  # asyncio takes it for its debug mode
    if sys.version_info < (3, 12):
        _without_pure_datetime()
    if hasattr(os, "uname"):
        _later("platform", system=lambda: os.uname().sysname)  # uuid asks at once


def _without_pure_datetime() -> None:
    """Have ``datetime`` be the compiled one alone, as Python 3.12 has it: 3.11 first runs the same in Python, and drops
    it."""
    with suppress(ImportError):
        sys.modules.setdefault("datetime", import_module("_datetime"))


def _waits(name: str) -> bool:
    """Whether a module has not run yet."""
    return type(sys.modules[name]) is _Later


def _later(name: str, **there: object) -> None:
    """Have a module run when something is asked of it that is not `there`."""
    if name in sys.modules:
        return
    module = sys.modules[name] = _Later(name)
    module.__spec__ = ModuleSpec(name, None)  # where it is, is looked up when it runs
    module.__package__ = name if name in _PACKAGES else module.__spec__.parent
    module.__dict__.update(there)
    package, _, own = name.rpartition(".")
    if package in sys.modules:
        setattr(sys.modules[package], own, module)


def _find(name: str) -> ModuleSpec | None:
    """Where a module is, in the package around it."""
    package, _, _ = name.rpartition(".")
    return PathFinder.find_spec(name, import_module(package).__path__ if package else None)

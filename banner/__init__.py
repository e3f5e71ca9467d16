"""Collect the greetings of network services with asyncio.

The names below are the public surface. Each is imported when it is first asked for (PEP 562), so that
``banner --help`` does not pay for asyncio.
"""

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .grabber import grab
    from .identify import Rules, identify
    from .models import (
        Certificate,
        End,
        Grab,
        GrabError,
        Manners,
        Mode,
        Service,
        Settings,
        Status,
        Target,
        Timeouts,
        Timings,
        Tls,
        __version__,
    )
    from .policy import Policy
    from .resolver import Resolver
    from .scanner import Scan, scan

__all__ = [
    "Certificate",
    "End",
    "Grab",
    "GrabError",
    "Manners",
    "Mode",
    "Policy",
    "Resolver",
    "Rules",
    "Scan",
    "Service",
    "Settings",
    "Status",
    "Target",
    "Timeouts",
    "Timings",
    "Tls",
    "__version__",
    "grab",
    "identify",
    "scan",
]

_HOME = {
    "Policy": "policy",
    "Resolver": "resolver",
    "Rules": "identify",
    "Scan": "scanner",
    "grab": "grabber",
    "scan": "scanner",
}
"""The modules of the names that do not live in ``models``."""


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = globals()[name] = getattr(import_module(f".{_HOME.get(name, 'models')}", __name__), name)
    return value


def __dir__() -> list[str]:
    return sorted(__all__)


class _Package(type(sys)):  # type: ignore[misc]  # types.ModuleType, without importing types
    """Keeps ``banner.identify`` the function: importing the module of that name would put itself there."""

    @property
    def identify(self) -> object:
        from .identify import identify

        return identify

    @identify.setter
    def identify(self, module: object) -> None:
        pass


sys.modules[__name__].__class__ = _Package

"""Collect the greetings of network services with asyncio.

The names below are the public surface. Each is imported when it is first asked for (PEP 562), so that
``banner --help`` does not pay for asyncio.
"""

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .addresses.policy import Policy
    from .dialogue import Ended, Probe, Want, Wire
    from .fleet.scanning import scan
    from .formats.exchange import read, to_arrow, write
    from .formats.foreign import Format
    from .inputs.named import NamedTargets
    from .inputs.words import targets
    from .models import (
        Certificate,
        End,
        Grab,
        GrabError,
        Issued,
        Manners,
        Mode,
        Service,
        Settings,
        Status,
        Target,
        Timeouts,
        Timings,
        Tls,
        Transport,
        __version__,
    )
    from .models import details as details
    from .recognition.identify import Rules, identify
    from .sweep.progress import Progress
    from .sweep.scanner import Scan
    from .visit.grabber import grab
    from .visit.resolver import Resolver
    from .visit.source import Source, source
    from .visit.tracing import Trace

__all__ = [
    "Certificate",
    "End",
    "Ended",
    "Format",
    "Grab",
    "GrabError",
    "Issued",
    "Manners",
    "Mode",
    "NamedTargets",
    "Policy",
    "Probe",
    "Progress",
    "Resolver",
    "Rules",
    "Scan",
    "Service",
    "Settings",
    "Source",
    "Status",
    "Target",
    "Timeouts",
    "Timings",
    "Tls",
    "Trace",
    "Transport",
    "Want",
    "Wire",
    "__version__",
    "details",
    "grab",
    "identify",
    "read",
    "scan",
    "source",
    "targets",
    "to_arrow",
    "write",
]

_HOME = {
    "details": "models.details",
    "Ended": "dialogue",
    "Format": "formats.foreign",
    "NamedTargets": "inputs.named",
    "Policy": "addresses.policy",
    "Probe": "dialogue",
    "Progress": "sweep.progress",
    "Resolver": "visit.resolver",
    "Rules": "recognition.identify",
    "Scan": "sweep.scanner",
    "Source": "visit.source",
    "Trace": "visit.tracing",
    "Want": "dialogue",
    "Wire": "dialogue",
    "grab": "visit.grabber",
    "identify": "recognition.identify",
    "read": "formats.exchange",
    "scan": "fleet.scanning",
    "source": "visit.source",
    "targets": "inputs.words",
    "to_arrow": "formats.exchange",
    "write": "formats.exchange",
}
"""The modules of the names that do not live in ``models``."""


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    from .text import lean  # noqa: F401 - before whatever imports msgspec

    home = import_module(f".{_HOME.get(name, 'models')}", __name__)
    value = globals()[name] = home if name == "details" else getattr(home, name)
    return value


def __dir__() -> list[str]:
    return sorted(__all__)


def _is_the_command() -> bool:
    """Whether this process runs `banner` itself. Only where time is spent depends on it."""
    started = next(iter(getattr(sys, "argv", ())), "")
    name = started.replace("\\", "/").rpartition("/")[2].lower().removesuffix(".exe")
    return name in ("banner", "aiobanner", "-m")  # the last while `python -m banner` looks for its module


if not _is_the_command():
    # A program that greets thousands shall not find its first greeting dear: what reads it comes with the import,
    # 20 ms, most of them msgspec. The command imports what its words need.
    from .recognition import load as _load  # noqa: F401
    from .recognition.identify import identify as identify

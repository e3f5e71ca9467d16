"""An X server without a screen: its answer to a client's set-up names its vendor and release."""

from __future__ import annotations

from collections.abc import Sequence

from .daemon import Daemon, Door
from .site import Site

_DISPLAYS = 6000
"""Display 0 listens here, display n on the n-th port from here (X Window System Protocol, appendix B)."""


def start(site: Site) -> Sequence[object]:
    display = f":{site.ports['x11'] - _DISPLAYS}"
    return [
        *("Xvfb", display, "-screen", "0", "64x64x8", "-listen", "tcp"),
        *("-nolisten", "unix", "-nolisten", "local", "-noreset", "-ac"),
    ]


DAEMON = Daemon(
    "xvfb",
    "xvfb",
    "Xvfb",
    (Door("x11", "x11", 6000, "x.org", versioned=True),),
    start,
    asked=("dpkg-query", "--show", "--showformat=${Version}", "xvfb"),
)

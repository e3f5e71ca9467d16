"""The Docker Engine API: ``GET /version``, which tells the engine's version without a login.

Any other HTTP server's answer is left to HTTP. Podman answers the same call.
Source: Docker Engine API v1.24 and later, "SystemVersion"; libpod's "Docker compatible" endpoint.
"""

from __future__ import annotations

from typing import Any

from ..dialogue import Probe, Talk, Wire
from ._product import named
from ._roots import fetch_object, keep, string

ENGINES = {"docker": ("Docker", "docker:docker"), "podman": ("Podman", "podman_project:podman")}

_DETAILS = {
    "ApiVersion": "api_version", "MinAPIVersion": "min_api_version", "Os": "os", "Arch": "arch",
    "KernelVersion": "kernel_version", "GoVersion": "go_version", "GitCommit": "git_commit",
}  # fmt: skip


def talk(wire: Wire) -> Talk:
    root = yield from fetch_object(wire, "/version")
    version = string(root.get("Version"))
    if not version or not string(root.get("ApiVersion")):
        return None
    keep(wire, root, _DETAILS)
    vendor, cpe = ENGINES["podman" if _engine(root).startswith("Podman") else "docker"]
    number, _, package = version.partition("+")  # 20.10.24+dfsg1: a distribution's package
    system = string(root.get("Os"))
    return wire.claim(named("docker", vendor, vendor, number, cpe=cpe, os=system, info=package or None))


def _engine(root: dict[str, Any]) -> str:
    """The first component's name: ``Engine`` or ``Podman Engine``."""
    components = root.get("Components")
    first = components[0] if isinstance(components, list) and components else {}
    return string(first.get("Name")) or "" if isinstance(first, dict) else ""


PROBE = Probe("docker", ports=(2375,), tls_ports=(2376,), talk=talk)

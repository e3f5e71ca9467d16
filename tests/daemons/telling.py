"""Whether a grab tells a daemon's door for what it is."""

from __future__ import annotations

from banner import Grab, Status

from .daemon import Daemon, Door


def complaints(daemon: Daemon, door: Door, grab: Grab) -> list[str]:
    """What is not as it should be; empty where the grab is right."""
    found, said = grab.service, []
    if grab.status is not Status.BANNER or found is None or found.name != door.service:
        return [f"{grab.status}, service {found and found.name}"]
    if door.product and door.product not in f"{found.vendor} {found.product}".lower():
        said.append(f"product {found.product}")
    if door.versioned and daemon.asked and not (found.version or "").startswith(daemon.version()):
        said.append(f"version {found.version} instead of {daemon.version()}")
    if door.certified and (grab.tls is None or grab.tls.certificate is None):
        said.append(f"no certificate ({grab.tls})")
    return said

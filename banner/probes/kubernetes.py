"""The Kubernetes API server: ``GET /version``, which is open to everybody by default.

Where it is closed, the refusal is a ``Status`` object, which is Kubernetes too. Others are left to http.
Source: Kubernetes API reference, "version" (``version.Info``) and "Status"; "Using RBAC
Authorization" (role ``system:public-info-viewer``).
"""

from __future__ import annotations

from ..dialogue import Probe, Talk, Wire
from ._product import named
from ._roots import fetch_object, keep, string

_DETAILS = {
    "gitVersion": "git_version", "gitCommit": "git_commit", "buildDate": "build_date",
    "goVersion": "go_version", "platform": "platform",
}  # fmt: skip


def talk(wire: Wire) -> Talk:
    root = yield from fetch_object(wire, "/version")
    if root.get("kind") == "Status" and root.get("apiVersion") == "v1":
        wire.details["access"] = "refused"
        return wire.claim(named("kubernetes", "Kubernetes", "Kubernetes", cpe="kubernetes:kubernetes"))
    version = string(root.get("gitVersion"))
    if not version or not string(root.get("major")):
        return None
    wire.details["access"] = "granted"
    keep(wire, root, _DETAILS)
    number, _, build = version.removeprefix("v").partition("+")  # v1.28.2+k3s1: who built it
    found = named(
        "kubernetes", "Kubernetes", "Kubernetes", number, cpe="kubernetes:kubernetes", info=build or None
    )
    return wire.claim(found)


PROBE = Probe("kubernetes", ports=(8001,), tls_ports=(6443, 16443), talk=talk)

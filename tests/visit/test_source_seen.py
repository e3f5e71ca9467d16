"""Where connections and datagrams begin, as a peer in a network of its own sees it: address, ports, interface."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import pytest

from tests.documents import ROOT

REFUSED_HERE = ("unshare", "Operation not permitted")


@pytest.mark.skipif(
    sys.platform != "linux"
    or os.geteuid() != 0
    or not shutil.which("ip")
    or not os.path.exists("/proc/net/if_inet6"),
    reason="needs root, network namespaces, and IPv6",
)
@pytest.mark.parametrize("transport", ["tcp", "udp"])
@pytest.mark.parametrize("driver", ["sweep", "streams"])
def test_a_peer_elsewhere_sees_the_source(driver: str, transport: str) -> None:
    command = [sys.executable, "-m", "tests.visit.source_peer", driver, transport]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    if any(reason in done.stderr for reason in REFUSED_HERE):
        pytest.skip("no network namespace may be made here")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    addresses = {
        name: [(status, *seen[:1]) for status, seen in found[name]] for name in found if "ports" not in name
    }
    assert addresses.pop("another interface")[0][0] != "banner"
    assert addresses == {
        "usual": [("banner", "10.1.0.1")],
        "address": [("banner", "10.9.0.7")],
        "address, IPv6": [("banner", "fd09::7")],
        "interface": [("banner", "10.1.0.1")],
        "address and interface": [("banner", "10.9.0.7")],
        "the other family": [("local-error",)],
        "the other family, IPv6": [("local-error",)],
        "by command": [("banner", "10.9.0.7")],
    }
    for name, host in (("ports", "10.9.0.7"), ("ports, IPv6", "fd09::7")):
        if isinstance(found[name], str):
            assert "Protocol not available" in found[name]  # before Linux 6.3
            continue
        assert [(status, seen[0]) for status, seen in found[name]] == [("banner", host)] * 30
        ports = {int(seen[1]) for _, seen in found[name]}
        assert len(ports) > 1  # one that was closed may be taken again
        assert ports <= set(range(40000, 40050))

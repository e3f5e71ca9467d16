"""What a network says of UDP targets, by the kernel of a namespace, and no model of it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TOLD = {
    "ways": {
        "10.2.0.3:7": "banner",
        "10.2.0.4:9999": "refused",
        "10.3.0.1:9999": "unreachable",  # a router says so: host unreachable
        "10.4.0.1:9999": "unreachable",  # prohibited
        "10.5.0.1:9999": "silent",
        "10.6.0.1:9999": "unreachable",  # no route from here
    },
    "closed ports of a host that says six refusals at once, and then one a second": {
        **{f"10.2.0.5:{port}": "refused" for port in range(7000, 7009)},
        "10.2.0.3:7": "banner",
    },
    "every code of unreachable (RFC 792, RFC 1122, RFC 1812)": {
        **{f"10.2.1.{code}:7": "refused" if code == 3 else "unreachable" for code in range(16) if code != 4},
        "10.2.1.4:7": "silent",  # fragmentation needed: of the path, and no outcome
        "10.2.0.3:7": "banner",
    },
    "other kinds of ICMP": {
        "10.2.2.0:7": "unreachable",  # time exceeded
        "10.2.3.0:7": "unreachable",  # a parameter problem
        "10.2.4.0:7": "silent",  # source quench, which nobody heeds (RFC 6633)
        "10.2.0.3:7": "banner",
    },
    "storms": {
        "10.2.9.1:7": "refused",
        "10.2.9.2:7": "banner",
        "10.2.9.3:7": "banner",
        "10.2.9.4:7": "silent",
        "10.2.9.5:7": "banner",
        "10.2.9.6:7": "banner",
        "10.2.0.3:7": "banner",
    },
}


@pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0 or not shutil.which("ip"),
    reason="needs root, and network namespaces",
)
@pytest.mark.parametrize("driver", ["sweep", "streams"])
@pytest.mark.parametrize("what", TOLD)
def test_what_the_network_refuses_is_told(what: str, driver: str) -> None:
    command = [sys.executable, "-m", "tests.sweep.unreachable_peer", driver, *TOLD[what]]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=120)
    if "unshare" in done.stderr or "Operation not permitted" in done.stderr:
        pytest.skip("no network namespace may be made here")
    assert done.returncode == 0, done.stderr
    told = {target: (status, banner) for target, status, banner in json.loads(done.stdout)}
    assert {target: status for target, (status, _) in told.items()} == TOLD[what]
    for target in ("10.2.9.2:7", "10.2.9.3:7", "10.2.0.3:7"):
        assert told.get(target, (None, "answer"))[1] == "answer"

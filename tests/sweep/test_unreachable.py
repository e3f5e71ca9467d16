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
}


@pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0 or not shutil.which("ip"),
    reason="needs root, and network namespaces",
)
@pytest.mark.parametrize("driver", ["sweep", "streams"])
@pytest.mark.parametrize("what", TOLD)
def test_what_the_network_refuses_is_told(what: str, driver: str) -> None:
    script = Path(__file__).with_name("unreachable_peer.py")
    done = subprocess.run(
        [sys.executable, script, driver, *TOLD[what]], capture_output=True, text=True, timeout=120
    )
    if "unshare" in done.stderr or "Operation not permitted" in done.stderr:
        pytest.skip("no network namespace may be made here")
    assert done.returncode == 0, done.stderr
    assert dict(json.loads(done.stdout)) == TOLD[what]

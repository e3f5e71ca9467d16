"""Daemons that want a network of their own are recognised over UDP at their usual ports."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from banner import Grab
from banner.formats.record import decode
from tests.daemons.site import PATH
from tests.daemons.udp.own_network import ASKED

pytestmark = pytest.mark.daemon

PROGRAMS = {
    "rpcbind": "rpcbind", "nmbd": "samba", "/usr/lib/ipsec/charon": "strongswan-charon", "miniupnpd": "miniupnpd",
    "avahi-daemon": "avahi-daemon", "wsdd2": "wsdd2", "dnsmasq": "dnsmasq-base",
}  # fmt: skip
"""What is started, and the package that has it."""
KNOWN = {"netbios-ns": ("Samba", None), "ssdp": ("MiniUPnPd", "2."), "tftp": ("Dnsmasq", None)}
"""Who tells a product, and how its version begins."""


@pytest.fixture(scope="module")
def grabs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Grab]:
    """The record of each dialogue."""
    missing = [package for program, package in PROGRAMS.items() if shutil.which(program, path=PATH) is None]
    if missing:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(
            f"apt-get install {' '.join(missing)}"
        )
    own = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child"]
    cards = ["sh", "-c", "mount -t tmpfs none /run && ip link add inner type veth peer name outer"]
    if os.getuid() or subprocess.run([*own, *cards], check=False, capture_output=True).returncode:
        pytest.skip("no network of our own is permitted here")
    folder = tmp_path_factory.mktemp("own")
    command = [*own, sys.executable, "-m", "tests.daemons.udp.own_network", str(folder)]
    environment = os.environ | {"PATH": PATH}
    done = subprocess.run(
        command, cwd=Path(__file__).parents[1], env=environment, capture_output=True, timeout=170, check=False
    )
    if done.returncode:
        logs = "\n".join(f"{log.name}: {log.read_text()[-300:]}" for log in folder.glob("*.log"))
        pytest.fail(f"{done.stderr.decode()}\n{logs}")
    return dict(zip(ASKED, map(decode, done.stdout.splitlines()), strict=True))


@pytest.mark.parametrize("name", ASKED)
def test_it_is_recognised(grabs: dict[str, Grab], name: str) -> None:
    grab = grabs[name]
    assert grab.service is not None
    assert (grab.service.name, grab.probe) == (name, name)
    product, version = KNOWN.get(name, (grab.service.product, None))
    assert grab.service.product == product
    assert (grab.service.version or "").startswith(version or "")


def test_names_and_addresses_are_told(grabs: dict[str, Grab]) -> None:
    assert grabs["netbios-ns"].details["hostname"] == "FIELD"
    assert grabs["netbios-ns"].details["domain"] == "TESTS"
    assert grabs["mdns"].details["mac"] == "02:00:5e:00:53:01"
    assert grabs["nat-pmp"].details["external_address"] == "11.0.0.1"
    assert grabs["ike"].details["versions"] == ["2", "1"]

"""Daemons that want a network of their own are recognised over UDP at their usual ports."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from banner import Grab, Status
from banner.formats.record import decode
from tests.daemons.site import PATH
from tests.daemons.udp.own_kinds import KINDS, Kind
from tests.daemons.udp.own_network import APART, there

pytestmark = pytest.mark.daemon

DOORS = [(kind, port) for kind in KINDS for port in kind.ports]
KNOWN = {
    "nmbd 137": ("Samba", None),
    "miniupnpd 1900": ("MiniUPnPd", "2."),
    "dnsmasq-tftp 69": ("Dnsmasq", None),
}
"""Who tells a product, and how its version begins."""


@pytest.fixture(scope="module")
def grabs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Grab]:
    """The record of each door."""
    missing = [kind.package for kind in KINDS if not there(kind)]
    if missing:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(
            f"apt-get install {' '.join(missing)}"
        )
    cards = ["sh", "-c", "mount -t tmpfs none /run && ip link add inner type veth peer name outer"]
    if os.getuid() or subprocess.run([*APART, *cards], check=False, capture_output=True).returncode:
        pytest.skip("no network of our own is permitted here")
    folder = tmp_path_factory.mktemp("own")
    command = [*APART, sys.executable, "-m", "tests.daemons.udp.own_network", str(folder)]
    environment = os.environ | {"PATH": PATH}
    done = subprocess.run(
        command, cwd=Path(__file__).parents[1], env=environment, capture_output=True, timeout=170, check=False
    )
    if done.returncode:
        logs = "\n".join(f"{log.name}: {log.read_text()[-300:]}" for log in folder.glob("*.log"))
        pytest.fail(f"{done.stderr.decode()}\n{logs}")
    return dict(
        zip((f"{kind} {port}" for kind, port in DOORS), map(decode, done.stdout.splitlines()), strict=True)
    )


@pytest.mark.parametrize(("kind", "port"), DOORS, ids=str)
def test_it_is_recognised(grabs: dict[str, Grab], kind: Kind, port: int) -> None:
    grab, service = grabs[f"{kind.name} {port}"], kind.ports[port]
    if service is None:
        assert (grab.status, grab.service) == (Status.SILENT, None)
        return
    assert grab.service is not None
    assert grab.service.name == service
    product, version = KNOWN.get(f"{kind.name} {port}", (grab.service.product, None))
    assert grab.service.product == product
    assert (grab.service.version or "").startswith(version or "")


def test_names_and_addresses_are_told(grabs: dict[str, Grab]) -> None:
    assert grabs["nmbd 137"].details["hostname"] == "FIELD"
    assert grabs["nmbd 137"].details["domain"] == "TESTS"
    assert grabs["avahi 5353"].details["mac"] == "02:00:5e:00:53:01"
    assert grabs["miniupnpd 5351"].details["external_address"] == "11.0.0.1"
    assert grabs["charon 500"].details["versions"] == ["2", "1"]

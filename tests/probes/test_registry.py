"""The folder is the registry."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from banner import Transport, probes
from banner.dialogue import Probe

FOLDER = Path(probes.__file__).parent
FOLDERS = {Transport.TCP: FOLDER, Transport.UDP: FOLDER / "udp"}
EVERY = [*probes.all(), *probes.all(Transport.UDP)]


@pytest.mark.parametrize("transport", FOLDERS)
def test_every_file_of_the_folder_is_a_probe_of_its_name(transport: Transport) -> None:
    names = [path.stem for path in FOLDERS[transport].glob("*.py") if not path.stem.startswith("_")]
    assert [probe.name for probe in probes.all(transport)] == sorted(name.replace("_", "-") for name in names)
    assert {probe.transport for probe in probes.all(transport)} == {transport}
    assert len(names) > 1


def test_a_probe_is_found_by_its_name() -> None:
    for probe in EVERY:
        assert probes.get(probe.name, probe.transport) is probe


def test_an_unknown_name_is_told_what_there_is() -> None:
    with pytest.raises(ValueError, match=r"no probe is named 'nonsense'; there are .*\brsync\b"):
        probes.get("nonsense")


def test_importing_the_folder_imports_no_probe() -> None:
    script = "import sys, banner.probes; print([m for m in sys.modules if m.startswith('banner.probes.')])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, timeout=120)
    assert done.stdout.strip() == b"[]"


@pytest.mark.parametrize("probe", EVERY, ids=lambda probe: f"{probe.transport} {probe.name}")
def test_the_facts_of_a_probe_make_sense(probe: Probe) -> None:
    ports = probe.ports + probe.tls_ports
    assert ports, "no usual port: nothing to plan from"
    assert len(set(ports)) == len(ports)
    assert min(ports) > 0
    assert max(ports) < 65536
    assert 512 <= probe.limit <= 65536
    assert probe.asks or not probe.starttls
    if probe.transport is Transport.UDP:
        assert probe.asks
        assert not any((probe.tls_ports, probe.greets, probe.holds_back, probe.starttls, probe.negotiated))

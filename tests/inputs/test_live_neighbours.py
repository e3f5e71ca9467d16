"""A real nmap in front of `banner scan -i -`, on loopback; `tests/bench/neighbours.sh` has masscan and zmap too."""

from __future__ import annotations

import subprocess
from functools import partial

import pytest

from banner import testing
from tests.command import PATIENCE, Servers, records, run
from tests.daemons.site import own_address
from tests.test_recipes import needs


@pytest.mark.parametrize("form", ["-oX", "-oG"])
def test_what_nmap_finds_is_visited(form: str) -> None:
    needs("nmap")
    host = own_address()
    with Servers() as servers:
        for port in (2022, 2525):
            servers.start(partial(testing.greeter, b"220 %d\r\n" % port, host=host, port=port))
        command = ["nmap", "-sT", "-Pn", "-n", "-p", "2022,2023,2525", form, "-", host]
        found = subprocess.run(command, capture_output=True, timeout=PATIENCE, check=True)
        done = run("scan", "-i", "-", "--mode", "listen", "--quiet", stdin=found.stdout)
    assert (done.returncode, done.stderr) == (0, b"")
    assert sorted((one["host"], one["port"], one["banner"]) for one in records(done.stdout)) == [
        (host, 2022, "220 2022\r\n"),
        (host, 2525, "220 2525\r\n"),
    ]

"""Many targets at one real SSH server with the limits that it comes with: everybody is greeted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.command import records, run
from tests.daemons.daemon import Daemon
from tests.daemons.field import Field
from tests.daemons.openssh import DAEMON as OPENSSH
from tests.daemons.site import Site

pytestmark = pytest.mark.daemon


def start(site: Site) -> Sequence[object]:
    command = OPENSSH.start(site)
    config = site.folder / "sshd_config"
    config.write_text(config.read_text().replace("MaxStartups 1000\n", ""))
    return command


USUAL = Daemon("openssh-usual", OPENSSH.package, OPENSSH.program, OPENSSH.doors, start, asked=OPENSSH.asked)


@pytest.mark.parametrize("mode", ["listen", "light"])
def test_a_crowd_at_one_ssh_server(field: Field, tmp_path: Path, mode: str) -> None:
    (door,) = USUAL.doors
    port = field[USUAL].port(door)
    assert "MaxStartups" not in (field[USUAL].site.folder / "sshd_config").read_text()
    (tmp_path / "hosts").write_text(f"127.0.0.1:{port}\n" * 150)
    done = run("scan", "-i", str(tmp_path / "hosts"), "--mode", mode)
    assert (done.returncode, done.stderr) == (0, b"")
    greetings = Counter(str(record.get("banner", ""))[:8] for record in records(done.stdout))
    assert greetings == {"SSH-2.0-": 150}, field[USUAL].log()

"""What full mode learns from real daemons, and that they tell the same of themselves."""

from __future__ import annotations

import asyncio
import subprocess
from datetime import datetime, timedelta

import pytest

from banner import Grab, Mode, Settings, Target, Timeouts
from banner.visit.visit import Visit
from tests.daemons import DAEMONS
from tests.daemons.field import Field

pytestmark = pytest.mark.daemon


def ask(field: Field, name: str, *probes: str, door: str | None = None) -> Grab:
    """What comes of the daemon `name` in full mode, at its first door or that of the name."""
    running = field[next(daemon for daemon in DAEMONS if daemon.name == name)]
    port = running.site.ports[door] if door else running.port(running.daemon.doors[0])
    settings = Settings(probes=probes, mode=Mode.FULL, timeouts=Timeouts(read=20, total=30))
    return asyncio.run(Visit(Target("127.0.0.1", port), settings).run(None))


@pytest.mark.parametrize(
    ("daemon", "tell"), [("openssh", ("ssh-keygen", "-lf")), ("dropbear", ("dropbearkey", "-y", "-f"))]
)
def test_the_host_key_is_the_one_in_its_file(field: Field, daemon: str, tell: tuple[str, ...]) -> None:
    grab = ask(field, daemon)
    running = field[next(each for each in DAEMONS if each.name == daemon)]
    told = subprocess.run(
        [*tell, running.site.folder / "host_key"], check=True, capture_output=True, text=True
    ).stdout
    assert str(grab.details["host_key_sha256"]) in told
    assert (
        grab.details["host_key_type"] == {"openssh": "ssh-ed25519", "dropbear": "ecdsa-sha2-nistp256"}[daemon]
    )
    assert grab.details["host_key_bits"] == 256


def test_samba_names_itself_to_who_names_nobody(field: Field) -> None:
    details = ask(field, "samba", "smb2").details
    assert details["ntlm_build"] == "6.1.0"
    assert details["ntlm_hostname"] == details["ntlm_domain"]
    told = [datetime.fromisoformat(str(details[name])) for name in ("ntlm_time", "system_time")]
    assert abs(told[0] - told[1]) < timedelta(minutes=5), "one clock, read twice"

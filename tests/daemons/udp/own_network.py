"""Daemons that want ports below 1024, multicast or the kernel's policies, each asked in a network of its own.

``unshare --net --mount --pid --fork --kill-child python -m tests.daemons.udp.own_network FOLDER`` starts all of them,
asks each at its usual port once it listens, and writes the records to stdout as JSON lines. It needs root; whatever it
started ends with it, and neither another network nor /run sees it.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path

from banner import Target, Timeouts, Transport
from banner.formats.record import encode
from banner.models import Mode, Settings
from banner.visit.visit import Visit

ADDRESS, OUTER = "192.0.2.1", "198.51.100.1"
"""Of the network's two cards."""
PATIENCE = 40
"""Seconds for all of them to listen."""
ASKED = {
    "rpcbind": 111, "netbios-ns": 137, "ike": 500, "ssdp": 1900, "ws-discovery": 3702, "nat-pmp": 5351, "mdns": 5353,
    "tftp": 69,
}  # fmt: skip
"""The dialogues, and where they are held."""
LISTENING = frozenset((*ASKED.values(), 4500))

_CARDS = """\
mount -t tmpfs none /run
ip link set lo up
ip link add inner type veth peer name outer
ip link set inner address 02:00:5e:00:53:01
ip addr add 192.0.2.1/24 dev inner
ip addr add 198.51.100.1/24 dev outer
ip link set inner up
ip link set outer up
ip route add default dev inner"""
_FILES = {
    "smb.conf": """\
[global]
netbios name = FIELD
workgroup = TESTS
interfaces = 192.0.2.1/24
private dir = {folder}
lock directory = {folder}
state directory = {folder}
cache directory = {folder}
pid directory = {folder}
ncalrpc dir = {folder}/ncalrpc
nmbd:socket dir = {folder}/nmbd
""",
    "strongswan.conf": """\
charon {{
  load = random nonce aes sha1 sha2 md5 hmac gmp kdf pem x509 pubkey pkcs1 kernel-netlink socket-default
}}
""",
    "miniupnpd.conf": """\
ext_ifname=outer
ext_ip=11.0.0.1
listening_ip=inner
http_port=25000
enable_natpmp=yes
enable_upnp=yes
uuid=00000000-0000-4000-8000-000000000001
allow 1024-65535 0.0.0.0/0 1024-65535
""",
    "avahi.conf": """\
[server]
host-name=field
use-ipv6=no
enable-dbus=no
[publish]
publish-workstation=yes
""",
}
_DAEMONS = """\
rpcbind -f
nmbd -F --no-process-group --debug-stdout -s {folder}/smb.conf -l {folder}
env STRONGSWAN_CONF={folder}/strongswan.conf /usr/lib/ipsec/charon
miniupnpd -d -f {folder}/miniupnpd.conf -P {folder}/miniupnpd.pid
avahi-daemon -f {folder}/avahi.conf --no-drop-root --no-chroot --no-rlimits
wsdd2 -4 -w -N field -G TESTS
dnsmasq -k -C /dev/null --port=0 --enable-tftp --tftp-root={folder} --user=root --pid-file="""


def main() -> None:
    """Start, wait, ask."""
    folder = Path(sys.argv[1])
    for command in _CARDS.splitlines():
        subprocess.run(command.split(), check=True, capture_output=True)
    for path in ("/run/avahi-daemon", "/run/rpcbind", folder / "ncalrpc", folder / "nmbd"):
        os.makedirs(path, exist_ok=True)
    for name, text in _FILES.items():
        (folder / name).write_text(text.format(folder=folder))
    for command in _DAEMONS.format(folder=folder).splitlines():
        log = (folder / f"{command.split()[0]}.log").open("wb")
        subprocess.Popen(command.split(), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    deadline = time.monotonic() + PATIENCE
    while missing := LISTENING - _bound():
        if time.monotonic() > deadline:
            sys.exit(f"nobody listens at {sorted(missing)}")
        time.sleep(0.1)
    for name, port in ASKED.items():
        sys.stdout.buffer.write(asyncio.run(_asked(name, port)))
        sys.stdout.flush()


def _bound() -> set[int]:
    lines = Path("/proc/net/udp").read_text().splitlines()[1:]
    return {int(line.split()[1].rpartition(":")[2], 16) for line in lines}


async def _asked(name: str, port: int) -> bytes:
    """The record, once an answer came: some listen before they would answer."""
    mode = Mode.FULL if name == "ws-discovery" else Mode.LIGHT
    settings = Settings(mode=mode, timeouts=Timeouts(read=10, total=15))
    for _ in range(3):
        grab = await Visit(Target(ADDRESS, port, transport=Transport.UDP), settings).run(None)
        if grab.service is not None:
            break
    return encode(grab)


if __name__ == "__main__":
    main()

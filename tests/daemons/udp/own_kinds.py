"""The daemons of `own_network`: their command lines and configurations, and what is asked of each.

They listen where their services are usual, on every address or on one of the network's own.
"""

from __future__ import annotations

from dataclasses import dataclass

ADDRESS, OTHER, OUTER = "192.0.2.1", "203.0.113.1", "198.51.100.1"
"""Of the network's inner card, of nobody but itself, and of its outer card."""


@dataclass(frozen=True)
class Kind:
    """A daemon."""

    name: str
    package: str
    """Debian's, or of the Python Package Index where `program` is a module of it."""
    program: str
    """By name or path; its module where the interpreter runs it."""
    command: str
    """What is run, with ``{folder}`` in it."""
    ports: dict[int, str | None]
    """Where it listens, and the service that is told there; None where it says nothing."""
    address: str = ADDRESS
    full: bool = False
    """Asked in full mode alone."""

    def __str__(self) -> str:
        return self.name


FILES = {
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
    "inetd.conf": "daytime dgram udp wait root internal\n",
    "syslog.conf": "*.* {folder}/syslog\n",
    "quic.py": """\
import asyncio
from aioquic.asyncio import serve
from aioquic.quic.configuration import QuicConfiguration

async def main():
    configuration = QuicConfiguration(is_client=False, alpn_protocols=["h3"])
    configuration.load_cert_chain("{folder}/certificate.pem", "{folder}/key.pem")
    await serve("192.0.2.1", 443, configuration=configuration)
    await asyncio.Future()

asyncio.run(main())
""",
    "coap.py": """\
import asyncio
import aiocoap
from aiocoap.resource import Site

async def main():
    await aiocoap.Context.create_server_context(Site(), bind=("192.0.2.1", 5683))
    await asyncio.Future()

asyncio.run(main())
""",
}
_SAMBA = "nmbd -F --no-process-group --debug-stdout -s {folder}/smb.conf -l {folder}"
_MINIUPNPD = "miniupnpd -d -f {folder}/miniupnpd.conf -P {folder}/miniupnpd.pid"
_AVAHI = "avahi-daemon -f {folder}/avahi.conf --no-drop-root --no-chroot --no-rlimits"
_DNSMASQ = (
    "dnsmasq -k -C /dev/null --port=0 --enable-tftp --tftp-root={folder} --user=root --pid-file="
    " --bind-interfaces --listen-address=192.0.2.1"
)
_ERLANG = (
    "erl -noinput -eval {{ok,_}}=tftp:start([{{port,69}},{{udp,[{{ip,{{203,0,113,1}}}}]}}]),"
    "timer:sleep(infinity)."
)
_SYSLOGD = (
    "syslogd --no-detach --inet --rcfile={folder}/syslog.conf --pidfile={folder}/pid --socket={folder}/s"
)

KINDS = (
    Kind("rpcbind", "rpcbind", "rpcbind", "rpcbind -f", {111: "rpcbind"}),
    Kind("nmbd", "samba", "nmbd", _SAMBA, {137: "netbios-ns"}),
    Kind("charon", "strongswan-charon", "/usr/lib/ipsec/charon",
         "env STRONGSWAN_CONF={folder}/strongswan.conf /usr/lib/ipsec/charon", {500: "ike"}),
    Kind("miniupnpd", "miniupnpd", "miniupnpd", _MINIUPNPD, {1900: "ssdp", 5351: "nat-pmp"}),
    Kind("avahi", "avahi-daemon", "avahi-daemon", _AVAHI, {5353: "mdns"}),
    Kind("wsdd2", "wsdd2", "wsdd2", "wsdd2 -4 -w -N field -G TESTS", {3702: "ws-discovery"}, full=True),
    Kind("dnsmasq-tftp", "dnsmasq-base", "dnsmasq", _DNSMASQ, {69: "tftp"}),
    Kind("erlang-tftp", "erlang-tftp", "erl", _ERLANG, {69: "tftp"}, OTHER),
    Kind("inetd", "inetutils-inetd", "inetutils-inetd", "inetutils-inetd -d {folder}/inetd.conf", {13: "daytime"}),
    Kind("syslogd", "inetutils-syslogd", "syslogd", _SYSLOGD, {514: None}),
    Kind("aioquic", "aioquic", "aioquic", "{python} {folder}/quic.py", {443: "quic"}),
    Kind("aiocoap", "aiocoap", "aiocoap", "{python} {folder}/coap.py", {5683: "coap"}),
)  # fmt: skip

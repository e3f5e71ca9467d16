"""Voice: STUN, SIP and Mumble."""

from __future__ import annotations

from collections.abc import Sequence

from ..daemon import Daemon, Door
from ..site import Site

_KAMAILIO = """\
#!KAMAILIO
fork = yes
children = 1
log_stderror = yes
dns = no
rev_dns = no
auto_aliases = no
disable_tcp = yes
listen = udp:127.0.0.1:{ports[sip]}
loadmodule "sl.so"
request_route {{
  sl_send_reply("200", "OK");
}}
"""
_MUMBLE = """\
database={folder}/mumble.sqlite
dbus=none
ice=
logfile=
pidfile=
bonjour=false
host=127.0.0.1
port={ports[mumble]}
sslCert={folder}/certificate.pem
sslKey={folder}/key.pem
"""


def _coturn(site: Site) -> Sequence[object]:
    return [
        *(
            "turnserver",
            "-n",
            "-L",
            "127.0.0.1",
            "-p",
            site.ports["stun"],
            "--no-tls",
            "--no-dtls",
            "--no-cli",
        ),
        *(
            "--no-tcp",
            "-l",
            "stdout",
            "--simple-log",
            "--pidfile",
            site.folder / "pid",
            "-b",
            site.folder / "db",
        ),
        *("-E", "127.0.0.1", "--allow-loopback-peers", "--min-port", "31000", "--max-port", "31010"),
    ]


def _vovida(site: Site) -> Sequence[object]:
    port = site.ports["stun"]
    return ["stund", "-h", "127.0.0.1", "-a", site.address, "-p", port, "-o", port + 1]


def _kamailio(site: Site) -> Sequence[object]:
    config = site.write("conf", _KAMAILIO.format(**vars(site)))
    return ["kamailio", "-DD", "-E", "-f", config, "-m", "32", "-Y", site.folder, "-w", site.folder]


def _mumble(site: Site) -> Sequence[object]:
    return ["murmurd", "-fg", "-ini", site.write("murmur.ini", _MUMBLE.format(**vars(site)))]


DAEMONS = (
    Daemon(
        "coturn",
        "coturn",
        "turnserver",
        (Door("stun", "stun", 3478, "coturn", versioned=True, udp=True),),
        _coturn,
        asked=("turnserver", "--version"),
    ),
    Daemon(
        "vovida",
        "stun-server",
        "stund",
        (Door("stun", "stun", 3478, "stun server", versioned=True, udp=True),),
        _vovida,
        asked=("dpkg-query", "-W", "-f", "${Version}", "stun-server"),
    ),
    Daemon(
        "kamailio-udp",
        "kamailio",
        "kamailio",
        (Door("sip", "sip", 5060, "kamailio", versioned=True, udp=True),),
        _kamailio,
        asked=("kamailio", "-v"),
    ),
    Daemon(
        "mumble",
        "mumble-server",
        "murmurd",
        (Door("mumble", "mumble", 64738, "mumble", versioned=True, udp=True),),
        _mumble,
        asked=("dpkg-query", "-W", "-f", "${Version}", "mumble-server"),
    ),
)

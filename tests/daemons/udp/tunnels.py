"""Tunnels: L2TP, and OpenVPN with and without a key before TLS. strongSwan is in `own_network`."""

from __future__ import annotations

from collections.abc import Sequence

from ..daemon import Daemon, Door
from ..site import Site

_L2TP = """\
[global]
listen-addr = 127.0.0.1
port = {ports[l2tp]}
[lns default]
ip range = 192.0.2.10-192.0.2.20
local ip = 192.0.2.1
"""


def _openvpn(site: Site, *more: object) -> Sequence[object]:
    return [
        *("openvpn", "--dev", "null", "--tls-server", "--proto", "udp4", "--local", "127.0.0.1"),
        *("--float", "--lport", site.ports["openvpn"], "--ca", site.certificate, "--cert", site.certificate),
        *("--key", site.key, "--dh", "none", "--cipher", "AES-256-GCM", *more),
    ]


def _keyed(site: Site) -> Sequence[object]:
    site.run("openvpn", "--genkey", "tls-crypt", site.folder / "tls-crypt.key")
    return _openvpn(site, "--tls-crypt", site.folder / "tls-crypt.key")


def _signed(site: Site) -> Sequence[object]:
    site.run("openvpn", "--genkey", "secret", site.folder / "tls-auth.key")
    return _openvpn(site, "--tls-auth", site.folder / "tls-auth.key")


def _xl2tpd(site: Site) -> Sequence[object]:
    config = site.write("conf", _L2TP.format(**vars(site)))
    pid, control = site.folder / "pid", site.folder / "control"
    return ["xl2tpd", "-D", "-c", config, "-s", site.write("secrets", ""), "-p", pid, "-C", control]


OPENVPN = Daemon("openvpn", "openvpn", "openvpn", (Door("openvpn", "openvpn", 1194, udp=True),), _openvpn)
KEYED = Daemon(
    "openvpn-tls-crypt", "openvpn", "openvpn", (Door("openvpn", "openvpn", 1194, udp=True),), _keyed
)
SIGNED = Daemon(
    "openvpn-tls-auth", "openvpn", "openvpn", (Door("openvpn", "openvpn", 1194, udp=True),), _signed
)
DAEMONS = (
    OPENVPN,
    Daemon("xl2tpd", "xl2tpd", "xl2tpd", (Door("l2tp", "l2tp", 1701, "xl2tpd", udp=True),), _xl2tpd),
)

"""Keys and certificates over UDP: DTLS of two libraries, and QUIC."""

from __future__ import annotations

from collections.abc import Sequence

from ..daemon import Daemon, Door
from ..site import Site


def _openssl(site: Site) -> Sequence[object]:
    return [
        *("openssl", "s_server", "-dtls", "-listen", "-accept", f"127.0.0.1:{site.ports['dtls']}", "-quiet"),
        *("-cert", site.certificate, "-cert_chain", site.certificate, "-key", site.key),
    ]


def _gnutls(site: Site) -> Sequence[object]:
    return [
        *("gnutls-serv", "--udp", "--port", site.ports["dtls"], "--x509certfile", site.certificate),
        *("--x509keyfile", site.key, "--quiet"),
    ]


def _coaps(site: Site) -> Sequence[object]:
    plain = site.ports["dtls"] - 1  # the one above is for DTLS
    return [
        *("coap-server-openssl", "-A", "127.0.0.1", "-p", plain),
        *("-c", site.certificate, "-j", site.key),
    ]


def _ngtcp2(site: Site) -> Sequence[object]:
    return ["gtlsserver", "-q", "127.0.0.1", site.ports["quic"], site.key, site.certificate]


DTLS = (
    Daemon("openssl-dtls", "openssl", "openssl", (Door("dtls", "dtls", 4433, udp=True),), _openssl),
    Daemon("gnutls-dtls", "gnutls-bin", "gnutls-serv", (Door("dtls", "dtls", 4433, udp=True),), _gnutls),
    Daemon("coaps", "libcoap3-bin", "coap-server-openssl", (Door("dtls", "dtls", 5684, udp=True),), _coaps),
)
QUIC = Daemon("ngtcp2", "ngtcp2-server", "gtlsserver", (Door("quic", "quic", 443, udp=True),), _ngtcp2)

"""Files, caches, things and tickets over UDP.

Who needs a port below 1024 or the whole machine is in `own_network`; tftpd-hpa cannot be installed beside atftpd.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..daemon import Daemon, Door
from ..site import Site

_KRB5 = """\
[libdefaults]
  default_realm = FIELD.EXAMPLE
[realms]
  FIELD.EXAMPLE = {{
    kdc = 127.0.0.1:{ports[kerberos]}
  }}
"""
_KDC = """\
[kdcdefaults]
  kdc_listen = 127.0.0.1:{ports[kerberos]}
  kdc_tcp_listen = {tcp}
[realms]
  FIELD.EXAMPLE = {{
    database_name = {folder}/principal
    key_stash_file = {folder}/stash
  }}
"""


def _memcached(site: Site) -> Sequence[object]:
    return ["memcached", "-l", "127.0.0.1", "-p", "0", "-U", site.ports["memcached"], "-t", "1", "-m", "16"]


def _atftpd(site: Site) -> Sequence[object]:
    return [
        *("atftpd", "--daemon", "--no-fork", "--port", site.ports["tftp"], "--bind-address", "127.0.0.1"),
        *("--user", f"{site.account.name}.{site.account.group}", "--logfile", "-", site.folder),
    ]


def _coap(site: Site) -> Sequence[object]:
    return ["coap-server-notls", "-A", "127.0.0.1", "-p", site.ports["coap"]]


def kerberos(site: Site, tcp: str = '""') -> Sequence[object]:
    """MIT's, at its door over UDP; over TCP where `tcp`, an address and a port, is given."""
    told = [
        "env",
        f"KRB5_CONFIG={site.write('krb5.conf', _KRB5.format(**vars(site)))}",
        f"KRB5_KDC_PROFILE={site.write('kdc.conf', _KDC.format(**vars(site), tcp=tcp))}",
    ]
    site.run(*told, "kdb5_util", "-P", "field", "-r", "FIELD.EXAMPLE", "create", "-s", "-W")
    return [*told, "krb5kdc", "-n", "-P", site.folder / "pid"]


DAEMONS = (
    Daemon(
        "memcached-udp",
        "memcached",
        "memcached",
        (Door("memcached", "memcached", 11211, "memcached", versioned=True, udp=True),),
        _memcached,
        asked=("memcached", "-V"),
    ),
    Daemon("atftpd", "atftpd", "atftpd", (Door("tftp", "tftp", 69, udp=True),), _atftpd),
    Daemon("libcoap", "libcoap3-bin", "coap-server-notls", (Door("coap", "coap", 5683, udp=True),), _coap),
    Daemon("kerberos", "krb5-kdc", "krb5kdc", (Door("kerberos", "kerberos", 88, "mit", udp=True),), kerberos),
)

"""OpenLDAP's slapd: its root DSE names its kind, not its version; STARTTLS by an extended operation."""

from __future__ import annotations

from collections.abc import Sequence

from .daemon import Daemon, Door
from .site import Site

_CONFIG = """\
include /etc/ldap/schema/core.schema
pidfile {folder}/pid
argsfile {folder}/args
TLSCertificateFile {folder}/certificate.pem
TLSCertificateKeyFile {folder}/key.pem
modulepath /usr/lib/ldap
moduleload back_null
database null
suffix "dc=example"
"""


def start(site: Site) -> Sequence[object]:
    config = site.write("slapd.conf", _CONFIG.format(**vars(site)))
    urls = f"ldap://127.0.0.1:{site.ports['ldap']}/ ldaps://127.0.0.1:{site.ports['ldaps']}/"
    return ["/usr/sbin/slapd", "-d", "0", "-f", config, "-h", urls]


DAEMON = Daemon(
    "slapd",
    "slapd",
    "slapd",
    (
        Door("ldap", "ldap", 389, "openldap", starttls=True),
        Door("ldaps", "ldap", 636, "openldap", tls=True),
    ),
    start,
)

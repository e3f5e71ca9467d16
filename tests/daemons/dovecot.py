"""Dovecot: IMAP, POP3 and ManageSieve, in the clear with STARTTLS and inside TLS; tells no version."""

from __future__ import annotations

from collections.abc import Sequence

from .daemon import Daemon, Door
from .site import Site

_CONFIG = """\
protocols = imap pop3 sieve
base_dir = {folder}/run
state_dir = {folder}/state
log_path = /dev/stderr
default_internal_user = {account.name}
default_internal_group = {account.group}
default_login_user = {account.name}
mail_location = mbox:{folder}/mail
listen = 127.0.0.1
ssl = yes
ssl_cert = <{folder}/certificate.pem
ssl_key = <{folder}/key.pem
ssl_dh =
passdb {{
  driver = static
  args = password=secret
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {ports[imap]}
  }}
  inet_listener imaps {{
    port = {ports[imaps]}
    ssl = yes
  }}
}}
service pop3-login {{
  chroot =
  inet_listener pop3 {{
    port = {ports[pop3]}
  }}
  inet_listener pop3s {{
    port = {ports[pop3s]}
    ssl = yes
  }}
}}
service managesieve-login {{
  chroot =
  inet_listener sieve {{
    port = {ports[sieve]}
  }}
}}
"""

IMAP = rb"\* OK \[CAPABILITY [^\n]*\] Dovecot [^\n]*ready\.\r\n"
POP3 = rb"\+OK Dovecot [^\n]*ready\.\r\n"
SIEVE = rb'"IMPLEMENTATION" "Dovecot[^\n]*\r\n(?:"[^\n]*\r\n)+OK [^\n]*\r\n'


def start(site: Site) -> Sequence[object]:
    site.make("run")
    site.make("state")
    return ["/usr/sbin/dovecot", "-F", "-c", site.write("conf", _CONFIG.format(**vars(site)))]


DAEMON = Daemon(
    "dovecot",
    "dovecot-imapd",
    "/usr/lib/dovecot/imap-login",
    (
        Door("imap", "imap", 143, "dovecot", greeting=IMAP, starttls=True),
        Door("imaps", "imap", 993, "dovecot", greeting=IMAP, tls=True),
        Door("pop3", "pop3", 110, "dovecot", greeting=POP3, starttls=True),
        Door("pop3s", "pop3", 995, "dovecot", greeting=POP3, tls=True),
        Door("sieve", "managesieve", 4190, "dovecot", greeting=SIEVE, starttls=True),
    ),
    start,
    parts=(
        ("dovecot-pop3d", "/usr/lib/dovecot/pop3-login"),
        ("dovecot-managesieved", "/usr/lib/dovecot/managesieve-login"),
    ),
)

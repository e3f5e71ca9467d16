"""Name servers over UDP; each tells its version as version.bind of class CHAOS."""

from __future__ import annotations

from collections.abc import Sequence

from ..daemon import Daemon, Door
from ..site import Site


def _door(product: str, probe: str = "dns") -> tuple[Door, ...]:
    return (Door("domain", probe, 53, product, versioned=True, udp=True),)


_NAMELESS = (Door("domain", "dns", 53, udp=True),)
"""Who refuses to say what it is."""
_BIND = """\
options {{
  directory "{folder}";
  pid-file none;
  session-keyfile none;
  listen-on port {ports[domain]} {{ 127.0.0.1; }};
  listen-on-v6 {{ none; }};
  recursion no;
  dnssec-validation no;
}};
controls {{ }};
"""
_UNBOUND = """\
server:
  interface: 127.0.0.1@{ports[domain]}
  do-daemonize: no
  use-syslog: no
  do-tcp: no
  username: ""
  chroot: ""
  directory: "{folder}"
  pidfile: ""
remote-control:
  control-enable: no
"""
_NSD = """\
server:
  ip-address: 127.0.0.1@{ports[domain]}
  username: ""
  chroot: ""
  zonesdir: "{folder}"
  database: ""
  zonelistfile: "{folder}/zone.list"
  xfrdfile: "{folder}/xfrd.state"
  xfrdir: "{folder}"
  pidfile: "{folder}/nsd.pid"
  server-count: 1
remote-control:
  control-enable: no
"""
_KNOT = """\
server:
  rundir: "{folder}"
  listen: 127.0.0.1@{ports[domain]}
  udp-workers: 1
  tcp-workers: 1
  background-workers: 1
database:
  storage: "{folder}"
log:
  - target: stderr
    any: error
"""


_GDNSD = """\
options => {{
  listen => 127.0.0.1, dns_port => {ports[domain]},
  run_dir => {folder}/run, state_dir => {folder}/state,
  udp_threads => 1, tcp_threads => 1
}}
"""
_KRESD = """\
net.listen('127.0.0.1', {ports[domain]}, {{ kind = 'dns' }})
cache.size = 1*MB
trust_anchors.remove('.')
modules.unload('priming')
"""
_DNSDIST = """\
setLocal('127.0.0.1:{ports[domain]}')
setSecurityPollSuffix('')
addAction(AllRule(), RCodeAction(DNSRCode.REFUSED))
"""


def _bind(site: Site) -> Sequence[object]:
    return ["named", "-g", "-n", "1", "-c", site.write("conf", _BIND.format(**vars(site)))]


def _unbound(site: Site) -> Sequence[object]:
    return ["unbound", "-d", "-c", site.write("conf", _UNBOUND.format(**vars(site)))]


def _dnsmasq(site: Site) -> Sequence[object]:
    return [
        *("dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv", "--no-hosts"),
        *("--pid-file=", "--bind-interfaces", "--listen-address=127.0.0.1", "--log-facility=-"),
        *(f"--port={site.ports['domain']}", f"--user={site.account.name}", f"--group={site.account.group}"),
    ]


def _nsd(site: Site) -> Sequence[object]:
    return ["nsd", "-d", "-c", site.write("conf", _NSD.format(**vars(site)))]


def _knot(site: Site) -> Sequence[object]:
    return ["knotd", "-c", site.write("conf", _KNOT.format(**vars(site)))]


def _powerdns(site: Site) -> Sequence[object]:
    return [
        *(
            "pdns_server",
            f"--config-dir={site.folder}",
            f"--socket-dir={site.folder}",
            "--daemon=no",
            "--guardian=no",
        ),
        *("--local-address=127.0.0.1", f"--local-port={site.ports['domain']}", "--launch=bind"),
        *(f"--bind-config={site.write('named.conf', '')}", "--security-poll-suffix=", "--disable-syslog=yes"),
    ]


def _recursor(site: Site) -> Sequence[object]:
    return [
        *("pdns_recursor", f"--config-dir={site.folder}", f"--socket-dir={site.folder}", "--daemon=no"),
        *("--local-address=127.0.0.1", f"--local-port={site.ports['domain']}", "--security-poll-suffix="),
        *("--threads=1", "--disable-syslog=yes", "--hint-file=no", "--max-cache-entries=100"),
    ]


def _kresd(site: Site) -> Sequence[object]:
    return ["kresd", "-n", "-c", site.write("conf", _KRESD.format(**vars(site))), site.folder]


def _dnsdist(site: Site) -> Sequence[object]:
    config = site.write("conf", _DNSDIST.format(**vars(site)))
    return ["dnsdist", "--supervised", "--disable-syslog", "-C", config]


def _gdnsd(site: Site) -> Sequence[object]:
    for name in ("zones", "run", "state"):
        site.make(name)
    site.write("config", _GDNSD.format(**vars(site)))
    return ["gdnsd", "-c", site.folder, "start"]


DAEMONS = (
    Daemon("bind-udp", "bind9", "named", _door("bind"), _bind, asked=("named", "-v")),
    Daemon("unbound-udp", "unbound", "unbound", _door("unbound"), _unbound, asked=("unbound", "-V")),
    Daemon("dnsmasq-udp", "dnsmasq-base", "dnsmasq", _door("dnsmasq"), _dnsmasq, asked=("dnsmasq", "--version")),
    Daemon("nsd", "nsd", "nsd", _door("nsd"), _nsd, asked=("nsd", "-v")),
    Daemon("knot", "knot", "knotd", _door("knot"), _knot, asked=("knotd", "-V")),
    Daemon("powerdns", "pdns-server", "pdns_server", _door("powerdns"), _powerdns, asked=("pdns_server", "--version"),
           parts=(("pdns-backend-bind", "/usr/lib/*/pdns/libbindbackend.so"),)),
    Daemon("recursor", "pdns-recursor", "pdns_recursor", _door("recursor"), _recursor,
           asked=("pdns_recursor", "--version")),
    Daemon("kresd", "knot-resolver", "kresd", _NAMELESS, _kresd),
    Daemon("dnsdist", "dnsdist", "dnsdist", _NAMELESS, _dnsdist),
    Daemon("gdnsd", "gdnsd", "gdnsd", _door("gdnsd"), _gdnsd, asked=("gdnsd", "-V")),
)  # fmt: skip

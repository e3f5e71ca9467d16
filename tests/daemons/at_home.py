"""Daemons that are told only where their port says who they are: elsewhere nobody asks for them in the default mode."""

from __future__ import annotations

import glob
from collections.abc import Sequence

from .daemon import Daemon, Door
from .site import Site
from .udp import others

_ZABBIX = """\
LogType=console
Server=127.0.0.1
ListenIP=127.0.0.1
ListenPort={ports[zabbix]}
StartAgents=1
Hostname=field
PidFile={folder}/pid
"""
_NRPE = """\
server_address=127.0.0.1
server_port={ports[nrpe]}
allowed_hosts=127.0.0.1
nrpe_user={account.name}
nrpe_group={account.group}
pid_file={folder}/pid
log_file={folder}/log
"""
_FIREBIRD = """\
RemoteBindAddress = 127.0.0.1
RemoteServicePort = {ports[firebird]}
"""
_ACTIVEMQ = "/usr/share/activemq/lib/activemq-broker.jar"
_DERBY = "/usr/share/java/derbynet.jar"
_JAVA = ("java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx64m")
"""The machine's time is short, not its life: no second compiler, no parallel collector."""
_WITH_A_DISK = """\
tgtd --foreground --control-port 1 --iscsi portal=127.0.0.1:{ports[first]} &
trap "kill $!" TERM
until tgtadm -C 1 --lld iscsi --op new --mode target --tid 1 -T iqn.2001-04.example.field:disk; do sleep 0.1; done
tgtadm -C 1 --lld iscsi --op bind --mode target --tid 1 -I ALL
tgtadm -C 1 --lld iscsi --op new --mode portal --param portal=127.0.0.1:{ports[iscsi]}
wait
"""
"""Without a target tgtd hangs up: the door is opened once there is one."""


def _epmd(site: Site) -> Sequence[object]:
    return ["epmd", "-address", "127.0.0.1", "-port", site.ports["epmd"]]


def _git(site: Site) -> Sequence[object]:
    listening = "--listen=127.0.0.1", f"--port={site.ports['git']}", f"--base-path={site.folder}"
    return ["git", "daemon", *listening]


def _rmiregistry(site: Site) -> Sequence[object]:
    return ["rmiregistry", "-J-Xmx32m", site.ports["rmi"]]


def _kerberos(site: Site) -> Sequence[object]:
    return others.kerberos(site, f"127.0.0.1:{site.ports['kerberos']}")


def _zabbix(site: Site) -> Sequence[object]:
    return ["zabbix_agentd", "-f", "-c", site.write("agent.conf", _ZABBIX.format(**vars(site)))]


def _nrpe(site: Site) -> Sequence[object]:
    """Inside TLS without a certificate, as it is by default."""
    return ["nrpe", "-f", "-c", site.write("nrpe.cfg", _NRPE.format(**vars(site)))]


def _firebird(site: Site) -> Sequence[object]:
    site.write("firebird.conf", _FIREBIRD.format(**vars(site)))
    folders = f"FIREBIRD={site.folder}", f"FIREBIRD_LOCK={site.make('lock')}", f"FIREBIRD_TMP={site.folder}"
    return ["env", *folders, "firebird"]


def _activemq(site: Site) -> Sequence[object]:
    doors = f"tcp://127.0.0.1:{site.ports['openwire']},stomp://127.0.0.1:{site.ports['stomp']}"
    jars = ":".join(
        glob.glob("/usr/share/activemq/lib/*.jar") + glob.glob("/usr/share/activemq/lib/optional/*.jar")
    )
    places = "-Dactivemq.home=/usr/share/activemq", f"-Dactivemq.base={site.folder}"
    broker = f"broker:({doors})?persistent=false&useJmx=false"
    return [*_JAVA, *places, "-cp", jars, "org.apache.activemq.console.Main", "start", broker]


def _derby(site: Site) -> Sequence[object]:
    jars = ":".join(glob.glob("/usr/share/java/derby*.jar"))
    listening = "-h", "127.0.0.1", "-p", site.ports["drda"], "-noSecurityManager"
    main = "org.apache.derby.drda.NetworkServerControl"
    return [*_JAVA, f"-Dderby.system.home={site.make('data')}", "-cp", jars, main, "start", *listening]


def _tgt(site: Site) -> Sequence[object]:
    return ["env", f"TGT_IPC_SOCKET={site.folder}/socket", "sh", "-c", _WITH_A_DISK.format(**vars(site))]


def _debian(package: str) -> tuple[str, ...]:
    return "dpkg-query", "--show", "--showformat=${Version}", package


DAEMONS = (
    Daemon("epmd", "erlang-base", "epmd", (Door("epmd", "epmd", 4369, "erlang"),), _epmd),
    Daemon("git", "git", "git", (Door("git", "git", 9418, "git"),), _git, asked=("git", "--version")),
    Daemon(
        "rmiregistry", "default-jre-headless", "rmiregistry", (Door("rmi", "java-rmi", 1099),), _rmiregistry,
        patience=100,
    ),
    Daemon("kerberos-tcp", "krb5-kdc", "krb5kdc", (Door("kerberos", "kerberos", 88, "mit"),), _kerberos),
    Daemon(
        "zabbix", "zabbix-agent", "zabbix_agentd", (Door("zabbix", "zabbix-agent", 10050, "zabbix", versioned=True),),
        _zabbix, asked=("zabbix_agentd", "-V"),
    ),
    Daemon(
        "nrpe", "nagios-nrpe-server", "nrpe", (Door("nrpe", "nrpe", 5666, "nagios", versioned=True),),
        _nrpe, asked=_debian("nagios-nrpe-server"),
    ),
    Daemon(
        "firebird", "firebird3.0-server", "firebird", (Door("firebird", "firebird", 3050, "firebird"),), _firebird,
    ),
    Daemon(
        "activemq", "activemq", _ACTIVEMQ,
        (
            Door("openwire", "openwire", 61616, "activemq", versioned=True),
            Door("stomp", "stomp", 61613, "activemq", versioned=True),
        ),
        _activemq, parts=(("default-jre-headless", "java"),), asked=_debian("activemq"), patience=100,
    ),
    Daemon(
        "derby", "derby-tools", _DERBY, (Door("drda", "drda", 1527, "derby", versioned=True),), _derby,
        parts=(("default-jre-headless", "java"),), asked=_debian("derby-tools"), patience=100,
    ),
    Daemon("tgt", "tgt", "tgtd", (Door("iscsi", "iscsi", 3260),), _tgt, inner=("first",)),
)  # fmt: skip

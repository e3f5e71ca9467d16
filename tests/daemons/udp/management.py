"""Clocks, agents, and management controllers."""

from __future__ import annotations

from collections.abc import Sequence

from ..daemon import Daemon, Door
from ..site import Site

_CHRONY = """\
port {ports[ntp]}
bindaddress 127.0.0.1
local stratum 5
allow 127.0.0.1
cmdport 0
bindcmdaddress /
pidfile {folder}/pid
driftfile {folder}/drift
"""
_SNMPD = """\
agentAddress udp:127.0.0.1:{ports[snmp]}
rocommunity public
sysName field.example
sysDescr Linux field.example 6.1.0-18-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.1.76-1 (2024-02-01) x86_64
"""
_IPMI = """\
name "field"
set_working_mc 0x20
  startlan 1
    addr 127.0.0.1 {ports[ipmi]}
    priv_limit admin
    allowed_auths_callback none md2 md5 straight
    allowed_auths_user none md2 md5 straight
    allowed_auths_operator none md2 md5 straight
    allowed_auths_admin none md2 md5 straight
    guid a123456789abcdefa123456789abcdef
  endlan
  user 1 true  ""        "test" user     10       none md2 md5 straight
"""
_CONTROLLER = """\
mc_setbmc 0x20
mc_add 0x20 0 no-device-sdrs 0x23 9 8 0x9f 0x1291 0xf02 persist_sdr
mc_enable 0x20
"""


def _chrony(site: Site) -> Sequence[object]:
    return ["chronyd", "-d", "-x", "-U", "-f", site.write("conf", _CHRONY.format(**vars(site)))]


def _snmpd(site: Site) -> Sequence[object]:
    return [
        *("env", "MIBS=", f"SNMP_PERSISTENT_DIR={site.make('kept')}", "snmpd", "-f", "-Lo", "-C"),
        *(
            "-c",
            site.write("conf", _SNMPD.format(**vars(site))),
            "-p",
            site.folder / "pid",
            "-I",
            "-systemstats",
        ),
    ]


def _snmptrapd(site: Site) -> Sequence[object]:
    return [
        *("env", "MIBS=", f"SNMP_PERSISTENT_DIR={site.make('kept')}", "snmptrapd", "-f", "-Lo", "-C"),
        *("-x", "", "-p", site.folder / "pid", f"udp:127.0.0.1:{site.ports['snmp']}"),
    ]


def _ipmi(site: Site) -> Sequence[object]:
    config = site.write("lan.conf", _IPMI.format(**vars(site)))
    commands = site.write("controller.emu", _CONTROLLER)
    return ["ipmi_sim", "-n", "-c", config, "-f", commands, "-s", site.make("state")]


DAEMONS = (
    Daemon("chrony", "chrony", "chronyd", (Door("ntp", "ntp", 123, udp=True),), _chrony),
    Daemon("snmpd", "snmpd", "snmpd", (Door("snmp", "snmp", 161, "net-snmp", udp=True),), _snmpd),
    Daemon(
        "snmptrapd", "snmptrapd", "snmptrapd", (Door("snmp", "snmp", 162, "net-snmp", udp=True),), _snmptrapd
    ),
    Daemon("ipmi", "openipmi", "ipmi_sim", (Door("ipmi", "ipmi", 623, udp=True),), _ipmi),
)

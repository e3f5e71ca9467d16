"""Files of every format that names targets, made as the tools write them, of any length: for counts and for measures.

Host number n has 22/tcp and, where the format knows datagrams, 161/udp open; what else stands there names no target.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple


class Made(NamedTuple):
    """One format: what stands before the hosts, one host's part, and what stands behind them."""

    head: str
    host: Callable[[str], str]
    tail: str = ""
    udp: bool = True
    """Whether 161/udp is named as well."""

    def chunks(self, hosts: int) -> Iterator[bytes]:
        """The file, a thousand hosts at a time."""
        yield self.head.encode()
        for first in range(0, hosts, 1000):
            yield "".join(self.host(address(n)) for n in range(first, min(first + 1000, hosts))).encode()
        yield self.tail.encode()


def address(number: int) -> str:
    """The address of host `number`, out of 10.0.0.0/8."""
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def _lines(*objects: Callable[[str], dict[str, object]]) -> Callable[[str], str]:
    return lambda ip: "".join(f"{json.dumps(each(ip))}\n" for each in objects)


_STATES: Final = (
    ("tcp", 22, "open"),
    ("tcp", 80, "closed"),
    ("udp", 161, "open"),
    ("udp", 123, "open|filtered"),
)


def _nmap(ip: str) -> str:
    ports = "".join(
        f'<port protocol="{protocol}" portid="{port}"><state state="{state}" reason="r" reason_ttl="0"/>'
        f'<service name="x" method="table" conf="3"/></port>\n'
        for protocol, port, state in _STATES
    )
    return (
        f'<host><status state="up"/><address addr="{ip}" addrtype="ipv4"/>\n<ports>{ports}</ports></host>\n'
    )


def _grepable(ip: str) -> str:
    entries = ", ".join(f"{port}/{state}/{protocol}//x//1.2 (a, b)/" for protocol, port, state in _STATES)
    return f"Host: {ip} ()\tPorts: {entries}\tIgnored State: closed (9)\n"


def _screen(ip: str) -> str:
    rows = "".join(f"{f'{port}/{protocol}':<8} {state:<13} x\n" for protocol, port, state in _STATES)
    return f"Nmap scan report for {ip}\nHost is up (0.00012s latency).\n\nPORT STATE SERVICE\n{rows}\n"


def _masscan(ip: str) -> str:
    ports = '{{"port": {}, "proto": "{}", "status": "open", "reason": "r", "ttl": 64}}'
    return "".join(
        f'{{   "ip": "{ip}",   "timestamp": "1795374141", "ports": [ {ports.format(port, protocol)} ] }},\n'
        for protocol, port in (("tcp", 22), ("udp", 161))
    )


def _nessus(ip: str) -> str:
    items = "".join(
        f'<ReportItem port="{port}" svc_name="x" protocol="{protocol}" pluginID="{plugin}"/>\n'
        for protocol, port in (("tcp", 22), ("udp", 161), ("tcp", 0))
        for plugin in (1, 2)
    )
    tag = f'<HostProperties><tag name="host-ip">{ip}</tag></HostProperties>'
    return f'<ReportHost name="{ip}">{tag}\n{items}</ReportHost>\n'


def _openvas(ip: str) -> str:
    return "".join(
        f"<result id='x'><host>{ip}<asset asset_id='x'/><hostname></hostname></host>\n<port>{port}</port></result>\n"
        for port in ("22/tcp", "22/tcp", "161/udp", "general/tcp")
    )


def _metasploit(ip: str) -> str:
    services = "".join(
        f"<service><port>{port}</port><proto>{protocol}</proto><state>{state}</state></service>\n"
        for protocol, port, state in _STATES
    )
    return f"<host><address>{ip}</address><name></name>\n<services>{services}</services></host>\n"


FORMATS: Final = {
    "list": Made("", lambda ip: f"{ip}:22\n{ip}:161/udp\n"),
    "nmap XML": Made('<?xml version="1.0"?>\n<nmaprun scanner="nmap">\n', _nmap, "</nmaprun>\n"),
    "nmap -oG": Made(
        "# Nmap 7.93 scan initiated Sun Nov 22 19:01:53 2026 as: nmap -oG x\n", _grepable, "# Nmap done\n"
    ),
    "nmap's screen": Made("Starting Nmap 7.93 ( https://nmap.org )\n", _screen, "Nmap done\n"),
    "masscan -oJ": Made("[\n", _masscan, "{finished: 1}\n]\n"),
    "masscan -oL": Made(
        "#masscan\n", lambda ip: f"open tcp 22 {ip} 1\nclosed tcp 80 {ip} 1\nopen udp 161 {ip} 1\n", "# end\n"
    ),
    "masscan -oD": Made(
        "",
        _lines(
            *(
                lambda ip, proto=proto, port=port: {
                    "ip": ip,
                    "timestamp": "1",
                    "port": port,
                    "proto": proto,
                    "rec_type": "status",
                    "data": {"status": "open", "reason": "r", "ttl": 64},
                }
                for proto, port in (("tcp", 22), ("udp", 161))
            )
        ),
    ),
    "naabu": Made(
        "",
        _lines(
            lambda ip: {"host": ip, "ip": ip, "port": 22, "protocol": "tcp", "tls": False},
            lambda ip: {"host": ip, "ip": ip, "port": 161, "protocol": "udp", "tls": False},
        ),
    ),
    "zmap CSV": Made(
        "saddr,sport,classification,success,repeat\n",
        lambda ip: f"{ip},22,synack,1,0\n{ip},22,synack,1,1\n{ip},80,rst,0,0\n{ip},161,udp,1,0\n",
    ),
    "zgrab2": Made(
        "",
        _lines(
            lambda ip: {
                "ip": ip,
                "data": {
                    "ssh": {"status": "success", "port": 22, "result": {"x": "y" * 200}},
                    "ntp": {"status": "success", "port": 161},
                },
            }
        ),
    ),
    "Shodan": Made(
        "",
        _lines(
            lambda ip: {
                "ip_str": ip,
                "port": 22,
                "transport": "tcp",
                "hostnames": [],
                "data": "SSH-2.0-x\r\n",
            },
            lambda ip: {"ip_str": ip, "port": 161, "transport": "udp", "hostnames": [], "data": "x" * 100},
        ),
    ),
    "Censys": Made(
        "",
        _lines(
            lambda ip: {
                "ip": ip,
                "services": [
                    {"port": 22, "transport_protocol": "TCP", "banner": "SSH-2.0-x"},
                    {"port": 161, "transport_protocol": "UDP"},
                ],
            }
        ),
    ),
    "httpx": Made(
        "",
        _lines(lambda ip: {"input": ip, "url": f"http://{ip}:22", "host": ip, "port": "22", "failed": False}),
        udp=False,
    ),
    "Nessus": Made(
        '<NessusClientData_v2>\n<Report name="x">\n', _nessus, "</Report>\n</NessusClientData_v2>\n"
    ),
    "OpenVAS": Made("<report><results>\n", _openvas, "</results></report>\n"),
    "Metasploit": Made("<MetasploitV5>\n<hosts>\n", _metasploit, "</hosts>\n</MetasploitV5>\n"),
}

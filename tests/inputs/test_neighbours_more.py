"""Files of further tools, read as their own documents describe them; damaged ones give the place and the rest."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from banner.inputs.neighbours import read
from banner.inputs.spec import BadLine, Spec

REAL = Path(__file__).parent / "outputs_of_tools"
UNTOLD = "left out: 1 ports that are open|filtered: nothing answered there"


def found(data: str | bytes, size: int = 65536) -> list[str]:
    data = data.encode() if isinstance(data, str) else data
    return [str(item) for item in read((data[at : at + size] for at in range(0, len(data), size)), (99,))]


OVER_UDP = {
    "nessus.nessus": "mail.example@198.51.100.2:53/udp",
    "openvas.xml": "198.51.100.2:53/udp",
    "metasploit.xml": "198.51.100.2:53/udp mail.example",
}


@pytest.mark.parametrize("size", [1, 7, 65536])
@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("nessus.nessus", "mail.example@198.51.100.2:22"),
        ("openvas.xml", "mail.example@198.51.100.2:22"),
        ("metasploit.xml", "198.51.100.2:22 mail.example"),
    ],
)
def test_xml_of_others(name: str, first: str, size: int) -> None:
    data = (REAL / name).read_bytes()
    assert found(data, size) == [first, OVER_UDP[name], "198.51.100.3:25"]


@pytest.mark.parametrize("name", ["nessus.nessus", "openvas.xml", "metasploit.xml"])
def test_damage_costs_one_place(name: str) -> None:
    data = (REAL / name).read_bytes()
    at = data.index(b"22")
    items = list(read([data[:at] + b"<&" + data[at:]], ()))
    bad = [item for item in items if isinstance(item, BadLine) and not item.note]
    assert bad[0].number == data[:at].count(b"\n") + 1
    assert "198.51.100.3:25" in [str(item) for item in items if isinstance(item, Spec)]


def test_as_many_as_another_parser_counts() -> None:
    data = (REAL / "nessus.nessus").read_bytes()
    counted = {
        (host.get("name"), item.get("port"), item.get("protocol"))
        for host in ElementTree.fromstring(data).iter("ReportHost")
        for item in host.iter("ReportItem")
        if item.get("port") != "0"
    }
    assert len([item for item in read([data]) if isinstance(item, Spec)]) == len(counted)


SCREEN = """Starting Nmap 7.93 ( https://nmap.org ) at 2026-11-22 19:02 UTC
Discovered open port 22/tcp on 198.51.100.2
Nmap scan report for mail.example (198.51.100.2)
Host is up (0.00012s latency).
Not shown: 997 closed tcp ports (reset)
PORT   STATE         SERVICE VERSION
22/tcp open          ssh     OpenSSH 9.2p1 Debian 2
53/udp open|filtered domain
53/udp open          domain
80/tcp closed        http
|_http-title: x

Nmap scan report for 198.51.100.3
25/tcp open  smtp

Nmap done: 2 IP addresses (2 hosts up) scanned in 0.11 seconds
"""


@pytest.mark.parametrize(
    "start", ["", "# Nmap 7.93 scan initiated Sun Nov 22 19:02:27 2026 as: nmap -oA x 198.51.100.2\n"]
)
def test_what_nmap_shows(start: str) -> None:
    text = start + (SCREEN.partition("\n")[2].partition("\n")[2] if start else SCREEN)
    assert found(text) == [
        *("198.51.100.2:22 mail.example", "198.51.100.2:53/udp mail.example", "198.51.100.3:25"),
        UNTOLD,
    ]


def test_a_list_that_mentions_nmap_is_a_list() -> None:
    assert found("# Nmap targets\n192.0.2.1:22\n") == ["192.0.2.1:22"]


def test_a_version_with_a_comma() -> None:
    line = (
        "Host: 192.0.2.1 ()\tPorts: 389/open/tcp//ldap//AD LDAP (Domain: EXAMPLE, Site: First, 2016)/, "
        "445/open/tcp//microsoft-ds///, 53/open/udp//domain///\n"
    )
    assert found(line) == ["192.0.2.1:389", "192.0.2.1:445", "192.0.2.1:53/udp"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            {
                "ip_str": "192.0.2.1",
                "port": 22,
                "transport": "tcp",
                "hostnames": ["a.example"],
                "data": "SSH",
            },
            "192.0.2.1:22 a.example",
        ),
        ({"ip_str": "192.0.2.1", "port": 53, "transport": "udp", "hostnames": []}, "192.0.2.1:53/udp"),
        ({"ip": "192.0.2.1", "services": [{"port": 22, "transport_protocol": "TCP"}]}, "192.0.2.1:22"),
        ({"ip": "192.0.2.1", "services": [{"port": 443, "transport_protocol": "QUIC"}]}, "192.0.2.1:443/udp"),
        (
            {
                "input": "a.example",
                "url": "https://a.example:8443",
                "host": "192.0.2.1",
                "port": "8443",
                "failed": False,
            },
            "a.example@192.0.2.1:8443",
        ),
        (
            {"input": "192.0.2.1", "url": "http://192.0.2.1", "host_ip": "192.0.2.1", "status_code": 200},
            "192.0.2.1:80",
        ),
        (
            {
                "host": "a.example",
                "ip": "192.0.2.1",
                "port": "443",
                "probe_status": True,
                "tls_version": "tls13",
            },
            "a.example@192.0.2.1:443",
        ),
        (
            {"ip": "192.0.2.1", "port": 22, "protocol": "ssh", "tls": False, "transport": "tcp"},
            "192.0.2.1:22",
        ),
        ({"ip": "192.0.2.1", "port": 161, "protocol": "snmp", "transport": "udp"}, "192.0.2.1:161/udp"),
        ({"saddr": "192.0.2.1", "sport": 22, "data": "", "ackingFirewall": True}, "no target is named in it"),
        ({"ip": "192.0.2.1", "data": {"ntp": {"status": "success", "port": 123}}}, "192.0.2.1:123/udp"),
        ({"ip": "192.0.2.1", "data": {"bacnet": {"status": "success"}}}, "192.0.2.1:47808/udp"),
        ({"saddr": "192.0.2.1", "sport": 161, "classification": "udp", "success": 1}, "192.0.2.1:161/udp"),
        (
            {"saddr": "192.0.2.1", "sport": 161, "classification": "icmp", "success": 0},
            "no target is named in it",
        ),
        (
            {"ip": "192.0.2.1", "ports": [{"port": 161, "proto": "udp", "status": "open"}]},
            "192.0.2.1:161/udp",
        ),
        (
            {"v": 1, "host": "192.0.2.1", "port": 161, "status": "banner", "transport": "udp"},
            "192.0.2.1:161/udp",
        ),
    ],
)
def test_lines_of_json(line: dict[str, object], expected: str) -> None:
    assert found(json.dumps(line) + "\n") == [expected]
    assert found(json.dumps([line], indent=2)) == [expected]


def test_masscan_names_a_port_again_with_its_banner() -> None:
    host = (
        '<host><address addr="192.0.2.1"/><ports><port protocol="tcp" portid="22"><state state="open"/>{}'
        "</port></ports></host>"
    )
    banner = '<service name="ssh" banner="SSH-2.0-x"/>'
    assert found(f"<nmaprun>{host.format('')}{host.format(banner) * 3}</nmaprun>") == ["192.0.2.1:22"]


@pytest.mark.parametrize("size", [1, 9, 65536])
@pytest.mark.parametrize("indent", [None, 0, 2])
def test_an_array_however_it_is_laid_out(indent: int | None, size: int) -> None:
    objects = [{"ip": "192.0.2.1", "port": port, "x": 'a"}{\\'} for port in range(1, 60)]
    assert found(json.dumps(objects, indent=indent), size) == [f"192.0.2.1:{port}" for port in range(1, 60)]


def test_a_first_line_that_is_cut_costs_itself_alone() -> None:
    lines = ['{"ip":"192.0.2.1","po', *(f'{{"ip":"192.0.2.{host}","port":22}}' for host in range(2, 9))]
    first, *rest = found("\n".join(lines))
    assert first.startswith("line 1: ")
    assert rest == [f"192.0.2.{host}:22" for host in range(2, 9)]


def test_an_array_beyond_the_longest_line() -> None:
    text = json.dumps([{"ip": "192.0.2.1", "port": port, "x": "x" * 400000} for port in range(1, 50)])
    assert len(found(text, 1 << 20)) == 49


def test_lists_as_people_have_them() -> None:
    text = "https://a.example:8443/x\nhttp://192.0.2.1\n192.0.2.1 22\nb.example\t80 tag\n1.2.3.*:22\nb.example:ssh\n"
    assert found(text) == [
        "a.example:8443", "192.0.2.1:80", "192.0.2.1:22", "b.example:80 tag", "1.2.3.0-1.2.3.255:22", "b.example:22",
    ]  # fmt: skip


@pytest.mark.parametrize("gone", ["}", '"', ","])
def test_damage_in_an_array_over_several_lines(gone: str) -> None:
    text = json.dumps([{"ip": "192.0.2.1", "port": port, "x": {"y": 1}} for port in range(1, 40)], indent=2)
    at = text.index(gone, len(text) // 2)
    items = list(read([(text[:at] + text[at + 1 :]).encode()]))
    assert sum(isinstance(item, Spec) for item in items) >= 38
    bad = [item for item in items if isinstance(item, BadLine)]
    assert all(abs(item.number - text[:at].count("\n")) < 9 for item in bad)
    assert len(bad) <= 1

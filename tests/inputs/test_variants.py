"""What tools wrote in other versions, on other days and through other hands, by their own documents."""

from __future__ import annotations

import json
from typing import Any

import pytest

from banner.inputs.neighbours import read
from banner.inputs.spec import BadLine, read_lines


def found(data: str | bytes, size: int = 65536) -> list[str]:
    data = data.encode() if isinstance(data, str) else data
    return [str(item) for item in read((data[at : at + size] for at in range(0, len(data), size)), (99,))]


SCREENS = {
    "nmap 3": (
        "Starting nmap 3.50 ( http://www.insecure.org/nmap/ )\nInteresting ports on a.example (192.0.2.1):\n"
        "(The 1658 ports scanned but not shown below are in state: closed)\nPORT   STATE SERVICE\n22/tcp open  ssh\n",
        ["192.0.2.1:22 a.example"],
    ),
    "nmap 2, no name": ("Interesting ports on  (192.0.2.1):\n22/tcp     open        ssh\n", ["192.0.2.1:22"]),
    "nmap, a remark": (
        "Nmap scan report for a.example (192.0.2.1) [host up]\n22/tcp open ssh\n",
        ["192.0.2.1:22 a.example"],
    ),
    "nmap, an address that ends in colons": (
        "Nmap scan report for 2001:db8::\n22/tcp open ssh\n",
        ["[2001:db8::]:22"],
    ),
    "nmap 4, address alone": ("Interesting ports on 192.0.2.1:\n22/tcp open ssh\n", ["192.0.2.1:22"]),
    "rustscan -g": ("192.0.2.1 -> [22,80]\n2001:db8::1 -> [22]\n", ["192.0.2.1:22,80", "[2001:db8::1]:22"]),
    "rustscan, coloured": (
        "Open \x1b[35m192.0.2.1:22\x1b[0m\n\x1b[1;34m[~]\x1b[0m Starting\n",
        ["192.0.2.1:22"],
    ),
    "rustscan and its nmap": (
        "Open 192.0.2.1:22\nStarting Nmap 7.95 ( https://nmap.org )\nDiscovered open port 22/tcp on 192.0.2.1\n"
        "Nmap scan report for 192.0.2.1\n22/tcp open ssh\n80/tcp open http\n",
        ["192.0.2.1:22", "192.0.2.1:80"],
    ),
    "arp-scan": (
        "Interface: eth0, type: EN10MB, MAC: 00:00:5e:00:53:01, IPv4: 192.0.2.9\n"
        "Starting arp-scan 1.10.0 with 256 hosts (https://github.com/royhills/arp-scan)\n"
        "192.0.2.1\t00:00:5e:00:53:02\tMaker, Inc.\n\n1 packets received by filter, 0 packets dropped by kernel\n",
        ["192.0.2.1:99"],
    ),
    "fping": ("192.0.2.1 is alive\n192.0.2.2 is unreachable\n", ["192.0.2.1:99"]),
}


@pytest.mark.parametrize("size", [1, 65536])
@pytest.mark.parametrize("name", SCREENS)
def test_screens(name: str, size: int) -> None:
    text, targets = SCREENS[name]
    assert found(text, size) == targets


def test_script_kiddies_get_one_line() -> None:
    (told,) = found(
        "$TArt1ng nmap 7.93 ( httpz://nmap.Org )\nNmap Scan report f0r 192.0.2.1\n22/tcp 0p3n  Ssh\n"
    )
    assert "-oS" in told


@pytest.mark.parametrize("end", ["\r", "\f", "\v", "\x1c", "\x85", "\u2028"])
def test_no_second_target_passes_for_the_tag_of_the_first(end: str) -> None:
    first, second = read_lines([f"192.0.2.1:22{end}192.0.2.2:22".encode(), b"192.0.2.3:22 a\ttag"])
    assert isinstance(first, BadLine)
    assert str(second) == "192.0.2.3:22 a tag"


ONE = {"port": 22, "transport": "tcp"}
OBJECTS: dict[str, tuple[Any, list[str]]] = {
    "Shodan, a number": ({"ip": 3221225985, **ONE}, ["192.0.2.1:22"]),
    "Shodan, IPv6": ({"ipv6": "2001:db8::1", "hostnames": ["a.example"], **ONE}, ["[2001:db8::1]:22 a.example"]),
    "Shodan, a host": (
        {"ip_str": "192.0.2.1", "ports": [22, 53], "data": [ONE, {"port": 53, "transport": "udp"}]},
        ["192.0.2.1:22", "192.0.2.1:53/udp"],
    ),
    "Shodan, a search": ({"matches": [{"ip_str": "192.0.2.1", **ONE}], "total": 1}, ["192.0.2.1:22"]),
    "InternetDB": (
        {"ip": "192.0.2.1", "hostnames": ["a.example"], "ports": [22, 80]},
        ["192.0.2.1:22 a.example", "192.0.2.1:80 a.example"],
    ),
    "Censys, a view": ({"code": 200, "result": {"ip": "192.0.2.1", "services": [ONE]}}, ["192.0.2.1:22"]),
    "Censys, a search": ({"result": {"hits": [{"ip": "192.0.2.1", "services": [ONE]}]}}, ["192.0.2.1:22"]),
    "Censys, the platform": ({"host": {"ip": "192.0.2.1", "services": [ONE]}}, ["192.0.2.1:22"]),
    "naabu, small letters": ({"ip": "192.0.2.1", "port": {"port": 53, "protocol": 1}}, ["192.0.2.1:53/udp"]),
    "nuclei 2": (
        {"template-id": "x", "host": "a.example", "matched-at": "https://a.example:8443/x", "ip": "192.0.2.1"},
        ["a.example@192.0.2.1:8443"],
    ),
    "nuclei 3": (
        {"template-id": "x", "host": "a.example", "port": "22", "matched-at": "a.example:22", "ip": "192.0.2.1"},
        ["a.example@192.0.2.1:22"],
    ),
    "nuclei, IPv6": ({"template-id": "x", "host": "[2001:db8::1]:22", "ip": "2001:db8::1"}, ["[2001:db8::1]:22"]),
    "Prometheus": ({"targets": ["192.0.2.1:9100", "a.example"]}, ["192.0.2.1:9100", "a.example:99"]),
    "a table's number": ({"ip": "192.0.2.1", "port": 22.0}, ["192.0.2.1:22"]),
}  # fmt: skip


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("name", OBJECTS)
def test_objects(name: str, indent: int | None) -> None:
    whole, targets = OBJECTS[name]
    assert found(json.dumps(whole, indent=indent)) == targets
    assert found(json.dumps([whole], indent=indent) + "\n") == targets


def test_a_port_is_visited_once_however_many_findings_it_has() -> None:
    finding = {"template-id": "x", "host": "a.example", "port": "22", "ip": "192.0.2.1"}
    page = {"url": "https://b.example/x", "input": "b.example", "host": "192.0.2.2", "port": "443"}
    assert found("\n".join(map(json.dumps, [finding, page] * 3))) == [
        "a.example@192.0.2.1:22",
        "b.example@192.0.2.2:443",
    ]


@pytest.mark.parametrize(
    "text",
    ['"\\ud800"', "NaN", '"\\x0d"', '"a\x01b"', "1" * 400, '"\\\\\\x0d"'],
)  # fmt: skip
def test_json_as_lenient_programs_write_it(text: str) -> None:
    assert found(f'{{"ip":"192.0.2.1","port":22,"x":{text}}}\n') == ["192.0.2.1:22"]


def test_several_objects_on_a_line() -> None:
    one = '{"ip":"192.0.2.1","port":22}'
    assert found(f"{one} {one.replace('22', '23')}\n\x1e{one}\n") == [
        "192.0.2.1:22",
        "192.0.2.1:23",
        "192.0.2.1:22",
    ]


@pytest.mark.parametrize(
    "text", ['{"x":' * 100000, '{"ip":"192.0.2.1","port":' + "2" * 10**6 + "}", '{"host":' * 9]
)
def test_hostile_json_is_told(text: str) -> None:
    told, other = found(text + '\n{"ip":"192.0.2.1","port":22}\n')
    assert told.startswith("line 1: ")
    assert other == "192.0.2.1:22"

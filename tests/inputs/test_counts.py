"""What each format names, counted by another parser, and what is left of a file that is damaged."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from typing import Any, Final
from xml.etree import ElementTree

import pytest

from banner.inputs.neighbours import read
from banner.inputs.spec import BadLine, Spec
from tests.made_files import FORMATS, address

HOSTS: Final = 40
DAMAGED: Final = 17
"""The host in whose part something is wrong."""
Place = tuple[str, int, str]


def objects(data: str) -> list[Any]:
    return [json.loads(line) for line in data.splitlines()]


def by_nmap_xml(data: str) -> set[Place]:
    return {
        (host.find("address").get("addr"), int(port.get("portid")), port.get("protocol"))  # type: ignore[union-attr, misc, arg-type]
        for host in ElementTree.fromstring(data).iter("host")
        for port in host.iter("port")
        if port.find("state").get("state") == "open"  # type: ignore[union-attr]
    }


def by_grep(data: str) -> set[Place]:
    return {
        (line.split()[1], int(port), protocol)
        for line in data.splitlines()
        for port, protocol in re.findall(r"(\d+)/open/(\w+)", line)
    }


def by_screen(data: str) -> set[Place]:
    return {
        (part.split()[0], int(port), protocol)
        for part in data.split("Nmap scan report for ")[1:]
        for port, protocol in re.findall(r"(?m)^(\d+)/(\w+)\s+open\s", part)
    }


def by_nessus(data: str) -> set[Place]:
    return {
        (host.get("name"), int(item.get("port")), item.get("protocol"))  # type: ignore[misc, arg-type]
        for host in ElementTree.fromstring(data).iter("ReportHost")
        for item in host.iter("ReportItem")
        if item.get("port") != "0"
    }


def by_openvas(data: str) -> set[Place]:
    found = re.findall(r"<host>([\d.]+)<.*?<port>(\d+)/(\w+)<", data.replace("\n", ""))
    return {(host, int(port), protocol) for host, port, protocol in found}


def by_metasploit(data: str) -> set[Place]:
    return {
        (host.findtext("address"), int(service.findtext("port")), service.findtext("proto"))  # type: ignore[misc, arg-type]
        for host in ElementTree.fromstring(data).iter("host")
        for service in host.iter("service")
        if service.findtext("state") == "open"
    }


def by_zgrab2(data: str) -> set[Place]:
    return {
        (one["ip"], answer["port"], "udp" if module == "ntp" else "tcp")
        for one in objects(data)
        for module, answer in one["data"].items()
    }


COUNTED: Final[dict[str, Callable[[str], set[Place]]]] = {
    "list": lambda data: {
        (line.split(":")[0], int(re.findall(r":(\d+)", line)[0]), "udp" if "/udp" in line else "tcp")
        for line in data.splitlines()
    },
    "nmap XML": by_nmap_xml,
    "nmap -oG": by_grep,
    "nmap's screen": by_screen,
    "masscan -oJ": lambda data: {
        (one["ip"], port["port"], port["proto"])
        for one in json.loads(data.replace("},\n{finished: 1}", "}"))
        for port in one["ports"]
    },
    "masscan -oL": lambda data: {
        (words[3], int(words[2]), words[1])
        for words in map(str.split, data.splitlines())
        if words[0] == "open"
    },
    "masscan -oD": lambda data: {(one["ip"], one["port"], one["proto"]) for one in objects(data)},
    "naabu": lambda data: {(one["ip"], one["port"], one["protocol"]) for one in objects(data)},
    "zmap CSV": lambda data: {
        (row["saddr"], int(row["sport"]), "udp" if row["classification"] == "udp" else "tcp")
        for row in csv.DictReader(data.splitlines())
        if row["success"] == "1" and row["repeat"] == "0"
    },
    "zgrab2": by_zgrab2,
    "Shodan": lambda data: {(one["ip_str"], one["port"], one["transport"]) for one in objects(data)},
    "Censys": lambda data: {
        (one["ip"], each["port"], each["transport_protocol"].lower())
        for one in objects(data)
        for each in one["services"]
    },
    "httpx": lambda data: {(one["host"], int(one["port"]), "tcp") for one in objects(data)},
    "Nessus": by_nessus,
    "OpenVAS": by_openvas,
    "Metasploit": by_metasploit,
}


def ours(data: str) -> tuple[list[Place], list[BadLine]]:
    """What we read: the targets, and what we complain of."""
    encoded = data.encode()
    items = list(read(encoded[at : at + 999] for at in range(0, len(encoded), 999)))
    targets = [target for item in items if isinstance(item, Spec) for target in item]
    bad = [item for item in items if isinstance(item, BadLine) and not item.note]
    return [(target.ip or target.host, target.port, target.transport.value) for target in targets], bad


def test_every_format_that_is_made_is_counted() -> None:
    assert COUNTED.keys() == FORMATS.keys()


@pytest.mark.parametrize("name", FORMATS)
def test_another_parser_counts_the_same(name: str) -> None:
    data = b"".join(FORMATS[name].chunks(HOSTS)).decode()
    found, bad = ours(data)
    assert not bad
    assert sorted(found) == sorted(COUNTED[name](data))
    assert len(found) == HOSTS * (1 + FORMATS[name].udp)


@pytest.mark.parametrize(
    "name", sorted(FORMATS.keys() - {"nmap's screen"})
)  # prose: what is no port's line is passed over
def test_damage_costs_the_line_and_not_the_rest(name: str) -> None:
    made = FORMATS[name]
    parts = [made.head, *(made.host(address(number)) for number in range(HOSTS)), made.tail]
    part = parts[DAMAGED + 1]
    first = "".join(parts[: DAMAGED + 1]).count("\n") + 1
    lines = part.splitlines()
    lines[0] = lines[0][: len(lines[0]) // 2] + ("<&" if part.startswith("<") else "")
    parts[DAMAGED + 1] = "\n".join(lines) + "\n"
    found, bad = ours("".join(parts))
    rest = {address(number) for number in range(HOSTS)} - {address(DAMAGED)}
    assert {host for host, *_ in found} >= rest
    assert bad
    assert first <= bad[0].number <= first + part.count("\n")

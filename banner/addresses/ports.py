"""Port lists as people write them: ``22,80,8000-8010``, ``53,161/udp``, ``T:22,U:53`` and ``top:100``.

A list keeps its order and drops what it names twice. In it a port is one number: TCP's are themselves, UDP's
stand `UDP` higher, so 53/udp is 65589. `COMMON` and `COMMON_UDP` are the orders behind ``top:N`` and
``top-udp:N``, the project's own judgement: what IANA's registry and the vendors assign, what still answers on
today's Internet, and first what says most about the machine behind it. The work that one text may cause is
bounded, because port lists also stand in files that others wrote.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby
from typing import Final

from ..text.lines import shown

MAX_PORT: Final = 65535
UDP: Final = 1 << 16
"""What a port over UDP stands higher than the same over TCP, in a list of both."""
MAX_NAMED: Final = 4 * MAX_PORT
"""How many ports a list may name before repetitions are dropped: each one of TCP and UDP twice is still taken for an
oversight; ``1-65535`` a thousand times over in one line is meant to cost time."""

# fmt: off
COMMON: Final[tuple[int, ...]] = (
    80, 443, 22, 21, 25, 23, 3389, 8080, 110, 143,  # web, shells, mail, desktops
    53, 445, 993, 995, 587, 3306, 8443, 465, 139, 135,
    5900, 1723, 111, 8000, 8888, 5432, 6379, 27017, 2222, 81,  # databases, second ports
    1433, 9200, 389, 636, 5060, 554, 8081, 8008, 2082, 2083,
    2086, 2087, 2095, 2096, 7547, 3000, 5000, 9000, 9090, 10000,  # hosting panels, TR-069, web apps
    1883, 5672, 11211, 873, 2049, 548, 631, 1080, 3128, 8883,
    2121, 990, 26, 2525, 119, 113, 79, 37, 13, 7,  # older services
    1521, 5222, 5269, 6667, 6697, 4190, 161, 179, 88, 464,
    5985, 5986, 3268, 3269, 593, 49152, 1025, 1026, 1027, 49153,  # Windows
    2375, 2376, 6443, 10250, 8500, 9092, 2181, 4222, 5601, 9300,  # containers, queues, search
    8009, 8089, 8090, 8181, 8082, 8083, 8086, 8161, 8834, 9443,  # application servers, consoles
    4443, 4444, 7001, 7002, 8001, 8002, 8180, 8880, 8889, 9001,
    5901, 5902, 5903, 5800, 5938, 4899, 6000, 6001, 3690, 9418,  # remote control, code
    5984, 7474, 7687, 8123, 9042, 28017, 27018, 27019, 50000, 3050,  # more databases
    8291, 8728, 2000, 10001, 37777, 34567, 8554, 1935, 5555, 62078,  # routers, cameras, phones
    5357, 1900, 5431, 49154, 49155, 49156, 52869, 32400, 8200, 9999,
    9100, 515, 5061, 2323, 992, 22222, 2022, 1024, 514, 513,  # printers, second shells, r-services
    512, 6660, 6666, 6668, 6669, 7000, 194, 563, 1194, 1701,
    2379, 2380, 4369, 15672, 25672, 5671, 61613, 61616, 9093, 9094,  # clusters and brokers
    502, 102, 20000, 44818, 1911, 4911, 47808, 789, 2404, 9600,  # control systems
)
COMMON_UDP: Final[tuple[int, ...]] = (
    53, 161, 123, 137, 500, 1900, 5353, 69, 4500, 5060,  # names, management, time, VPN, voice
    623, 111, 1434, 3478, 443, 1194, 1701, 5351, 5683, 389,
    3702, 88, 11211, 427, 177, 10001, 47808, 138, 514, 162,  # discovery, directories, logs
    67, 68, 520, 1812, 1813, 1645, 1646, 2049, 631, 17185,
    19, 17, 7, 13, 37, 9, 51820, 5684, 853, 784,  # what amplifies; tunnels; names over TLS and QUIC
    5355, 1025, 2123, 2152, 3391, 3389, 4433, 8443, 64738, 27015,  # LLMNR, mobile cores, gateways, games
    19132, 25565, 30718, 32414, 34964, 44818, 2222, 9600, 1604, 3283,  # controllers, remote desktops
    5632, 5093, 7777, 28960, 6881, 10080, 464, 749, 1719, 2427,
)
SERVICES: Final[dict[str, int]] = {
    "ftp": 21, "ssh": 22, "sftp": 22, "telnet": 23, "smtp": 25, "time": 37, "whois": 43, "domain": 53, "dns": 53,
    "gopher": 70, "finger": 79, "http": 80, "www": 80, "ws": 80, "kerberos": 88, "pop3": 110, "rpcbind": 111,
    "ident": 113, "nntp": 119, "msrpc": 135, "netbios-ssn": 139, "imap": 143, "bgp": 179, "irc": 194, "ldap": 389,
    "https": 443, "wss": 443, "microsoft-ds": 445, "smb": 445, "smtps": 465, "submissions": 465, "rtsp": 554,
    "submission": 587, "ipp": 631, "ldaps": 636, "rsync": 873, "ftps": 990, "telnets": 992, "imaps": 993,
    "ircs": 6697, "pop3s": 995, "socks": 1080, "ms-sql-s": 1433, "mssql": 1433, "oracle": 1521, "mqtt": 1883,
    "nfs": 2049, "mysql": 3306, "ms-wbt-server": 3389, "rdp": 3389, "svn": 3690, "sip": 5060, "sips": 5061,
    "xmpp-client": 5222, "xmpp-server": 5269, "postgresql": 5432, "postgres": 5432, "amqps": 5671, "amqp": 5672,
    "vnc": 5900, "x11": 6000, "redis": 6379, "rediss": 6379, "http-alt": 8080, "http-proxy": 8080,
    "https-alt": 8443, "mqtts": 8883, "secure-mqtt": 8883, "git": 9418, "memcached": 11211, "mongodb": 27017,
}
UDP_SERVICES: Final[dict[str, int]] = {
    "domain": 53, "dns": 53, "tftp": 69, "kerberos": 88, "rpcbind": 111, "ntp": 123, "netbios-ns": 137, "snmp": 161,
    "xdmcp": 177, "cldap": 389, "svrloc": 427, "https": 443, "quic": 443, "isakmp": 500, "ike": 500, "asf-rmcp": 623,
    "ipmi": 623, "openvpn": 1194, "ms-sql-m": 1434, "l2tp": 1701, "ssdp": 1900, "upnp": 1900, "stun": 3478,
    "turn": 3478, "ws-discovery": 3702, "ipsec-nat-t": 4500, "sip": 5060, "nat-pmp": 5351, "mdns": 5353, "coap": 5683,
    "coaps": 5684, "memcached": 11211, "bacnet": 47808,
}
# fmt: on
"""The usual ports by their services' names, those of URLs' schemes among them (IANA's registries of service names and
of URI schemes, and words in use)."""


@lru_cache(maxsize=8)  # a file repeats few lists; each entry may hold 131,070 numbers, so no more than a few
def parse_ports(text: str) -> tuple[int, ...]:
    """The ports that `text` names, in its order, each once; those over UDP are `UDP` higher.

    Items are separated by commas: a port (1 to 65535), a range ``A-B`` (``-`` alone is all of them, as nmap has it), a
    service's name (``ssh``), ``top:N``, the N most common, or ``top-udp:N``, the same of UDP. What carries them is said
    before as nmap says it, ``T:22,80,U:53,161`` (``S:`` begins ports of SCTP, which are left out: `left_out` counts
    them), or behind: ``53,161/udp``, which holds for what comes before it since the last ``/tcp`` or ``/udp``.
    Raises `ValueError` with the reason.
    """
    ports: dict[int, None] = {}
    named = 0
    for item, carrier in _carried(text):
        chosen = _item(item, carrier)
        named += len(chosen)
        if named > MAX_NAMED:
            raise ValueError("the port list names more ports than there are, twice over")
        if carrier != "S":
            ports.update(dict.fromkeys(chosen))
    return tuple(ports)


def left_out(text: str) -> int:
    """How many items of a port list that `parse_ports` reads are ports of SCTP."""
    return sum(carrier == "S" for _, carrier in _carried(text))


def _carried(text: str) -> list[tuple[str, str]]:
    """The items of a list, and nmap's letter for what carries each: T, U or S."""
    found: list[tuple[str, str]] = []
    letter, said, waiting = "T", False, 0  # how many of the last items an ending would hold for
    for item in text.split(","):
        item = item.strip()
        if item[1:2] == ":" and item[0] in "TUS":
            letter, said, item, waiting = item[0], True, item[2:], 0
        item, slash, carrier = item.partition("/")
        waiting += 1
        found.append((item, letter))
        if slash:
            ending = _ENDINGS.get(carrier.lower())
            if ending is None:
                raise ValueError(f"after the slash of a port tcp or udp is expected, not {shown(carrier)}")
            if said and ending != letter:
                raise ValueError(f"{letter}: and /{carrier} contradict each other")
            found[-waiting:] = [(one, ending) for one, _ in found[-waiting:]]
            waiting = 0
    return found


_ENDINGS: Final = {"tcp": "T", "udp": "U", "sctp": "S"}


def carried_port(port: int, transport: str) -> int:
    """The port as lists hold it: `transport` is ``tcp`` or ``udp``."""
    return port + UDP if transport == "udp" else port


@lru_cache(maxsize=4096)  # one entry for each port that the lines of a file name: rarely more than a few
def parse_port(text: str) -> int:
    """The port that `text` names; `ValueError` where it is not a number from 1 to 65535."""
    if not (text.isascii() and text.isdigit()):
        raise ValueError(f"{shown(text)} is not a port" if text else "a port is missing")
    if len(text) > 5 or not 0 < int(text) <= MAX_PORT:
        raise ValueError(f"port {shown(text)} is not between 1 and 65535")
    if text[0] == "0":
        raise ValueError(f"port {text} begins with a zero")
    return int(text)


def format_ports(ports: Sequence[int]) -> str:
    """The shortest text from which `parse_ports` reads the same ports in the same order."""
    runs: list[list[int]] = []
    for port in ports:
        if runs and runs[-1][1] + 1 == port:
            runs[-1][1] = port
        else:
            runs.append([port, port])
    if runs and all(low > UDP for low, _ in runs):
        return _written(runs) + "/udp"
    text = ",".join(
        f"{'U' if udp else 'T'}:{_written(list(group))}"
        for udp, group in groupby(runs, lambda run: run[0] > UDP)
    )
    return text.removeprefix("T:")


def _written(runs: Sequence[Sequence[int]]) -> str:
    numbers = ([port & MAX_PORT for port in run] for run in runs)
    return ",".join(str(low) if low == high else f"{low}-{high}" for low, high in numbers)


def _item(item: str, carrier: str) -> Sequence[int]:
    if item.startswith("top-udp:"):
        return [port + UDP for port in _top("top-udp", item[8:], COMMON_UDP)]
    ports = _numbers(item, carrier)
    return [port + UDP for port in ports] if carrier == "U" else ports


def _numbers(item: str, carrier: str) -> Sequence[int]:
    if item.startswith("top:"):
        return _top("top", item[4:], COMMON_UDP if carrier == "U" else COMMON)
    services, word = (UDP_SERVICES if carrier == "U" else SERVICES), item.lower()
    if word in services:
        return (services[word],)
    if word in UDP_SERVICES:
        raise ValueError(f"{word} is a service of UDP: {word}/udp")
    if item == "-":
        return range(1, MAX_PORT + 1)
    low, dash, high = item.partition("-")
    if not dash:
        if item.isalpha():
            raise ValueError(
                f"{shown(item)} is not a port: 22, 8000-8010, ssh, top:100, - for all, 53/udp are what there is"
            )
        return (parse_port(item),)
    if not (low.strip() and high.strip()):
        raise ValueError(f"{shown(item)}: a port is missing beside the dash")
    first, last = parse_port(low.strip()), parse_port(high.strip())
    if last < first:
        raise ValueError(f"the port range {first}-{last} runs backwards")
    return range(first, last + 1)


def _top(word: str, count: str, common: Sequence[int]) -> Sequence[int]:
    if not (count.isascii() and count.isdigit() and len(count) < 6 and 0 < int(count) <= len(common)):
        raise ValueError(f"{word}:{shown(count)} is not known: {word}:1 to {word}:{len(common)} are")
    return common[: int(count)]

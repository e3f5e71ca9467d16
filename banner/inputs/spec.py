"""Text to targets, lazily: names, addresses, CIDR blocks and ranges, with their ports and a tag.

A line is parsed into a `Spec`: a block of targets that is counted and indexed by arithmetic, so that a /0
costs what one address costs. What could be read in two ways is refused with the reason: an address is four
decimal octets or RFC 4291 text, and a name that ends in a number (``127.1``, ``0x7f.1``, ``1.2.3.256``) is
neither. Without brackets every colon of an IPv6 text belongs to the address. An IPv4-mapped address is its
IPv4 one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from ..addresses.blocks import Block, format_address, parse_address, parse_block, parse_ipv4, parse_starred
from ..addresses.names import ZONE, check_name
from ..addresses.ports import UDP, format_ports, parse_port, parse_ports
from ..models import Target
from ..text.lines import MAX_LINE, SHOWN, check_one_line, content, shown
from ..text.patterns import lazily
from .places import ANYWHERE, at_address, place_at, target_at
from .tags import tag_of
from .urls import url_place


class Spec(msgspec.Struct, frozen=True):
    """What one line names: hosts times ports, one host's ports after the other.

    Length, index and iteration are those of a sequence of `Target`; nothing is stored for it. ``len()``
    cannot exceed ``sys.maxsize``, which `size` can. ``str()`` gives text that `parse` reads as this again.
    """

    host: str
    """The name or address (IPv6 compressed, zone kept); of a block, its text."""
    ports: tuple[int, ...]
    """TCP's as they are, UDP's higher by `ports.UDP`."""
    tag: str | None = None
    block: Block | None = None
    """The addresses, where there are several."""
    ip: str | None = None
    """The address of the name ``host``, where it is known."""

    @property
    def size(self) -> int:
        """How many targets."""
        return len(self.ports) * (self.block.size if self.block else 1)

    def __len__(self) -> int:
        return self.size

    def __bool__(self) -> bool:
        return True

    def __getitem__(self, index: int) -> Target:
        """The target at `index`, counted from 0; `IndexError` outside."""
        if not 0 <= index < self.size:
            raise IndexError(index)
        return self.target(index)

    def target(self, index: int) -> Target:
        """The same for an `index` that is known to be there."""
        if self.block is None:
            return target_at(self.host, self.ports[index], self.tag, self.ip)
        offset, port = divmod(index, len(self.ports))
        place = target_at(ANYWHERE, self.ports[port], self.tag) if self.tag else place_at(self.ports[port])
        return at_address(place, format_address(self.block.first + offset))

    def __iter__(self) -> Iterator[Target]:
        ports, tag = self.ports, self.tag
        if self.block is None:
            for port in ports:
                yield target_at(self.host, port, tag, self.ip)
            return
        for number in range(self.block.first, self.block.last + 1):
            host = format_address(number)
            for port in ports:
                yield target_at(host, port, tag)

    def __str__(self) -> str:
        host = self.ip or self.host
        host = f"[{host}]" if ":" in host else host
        host = f"{self.host}@{host}" if self.ip else host
        return f"{host}:{format_ports(self.ports)}" + (f" {self.tag}" if self.tag else "")


class BadLine(msgspec.Struct, frozen=True):
    """A line that names no target. Both texts are safe to print."""

    number: int
    """Counted from 1."""
    text: str
    """The line's beginning, escaped."""
    reason: str
    note: bool = False
    """Whether nothing is wrong: the reason is what a person may want to know of the whole file."""

    def __str__(self) -> str:
        return f"line {self.number}: {self.reason}" if self.number else self.reason


def parse(spec: str, default_ports: Sequence[int] = ()) -> Spec:
    """The targets that `spec` names, as ``WHERE[:PORTS] [TAG]`` or ``WHERE,PORTS [TAG]``.

    WHERE is a name, an IPv4 or IPv6 address, ``net/prefix``, ``a.b.c.d-e`` or ``first-last``; with ports,
    IPv6 goes in brackets: ``[2001:db8::1]:22``, ``[2001:db8::/64]:22`` (``2001:db8::1,22`` and
    ``2001:db8::/64:22`` are clear as well). PORTS is a list as `parse_ports` reads it, ``53,161/udp`` among them;
    `default_ports` stand in where it is missing. ``NAME@ADDRESS`` is a name whose address is known: that address is
    visited.
    Raises `ValueError` with a reason fit for a person.
    """
    if len(spec) > MAX_LINE:
        raise ValueError(f"longer than {MAX_LINE} characters")
    check_one_line(spec)
    where, *tag = spec.split(None, 1) or [""]
    if not where:
        raise ValueError("no target is named")
    name, at, place = where.rpartition("@") if "://" not in where else ("", "", where)
    host, listed = _split(place)
    column = _COLUMN.match(tag[0]) if listed is None and tag else None
    if column:
        listed, tag = column[1], list(filter(None, [tag[0][column.end() :]]))
    if listed == "":
        raise ValueError(f"{shown(where)}: a port is missing behind the colon")
    ports = tuple(default_ports) if listed is None else _ports(listed)
    named, block = _hosts(host)
    if at and (block or not is_address(named)):
        raise ValueError(f"{shown(where)}: after the name and the @ one address is expected")
    name = check_name(name) if at else ""
    if not ports:
        hint = "; IPv6 with a port is [2001:db8::1]:22" if ":" in host else ""
        raise ValueError(f"{shown(where)} names no port, and no ports were given (-p){hint}")
    words = tag_of(tag[0], host, explicit=listed is not None, column=column is not None) if tag else None
    return Spec(name, ports, words, None, named) if name else Spec(named, ports, words, block)


def read_lines(lines: Iterable[bytes | str], default_ports: Sequence[int] = ()) -> Iterator[Spec | BadLine]:
    """What each line names, in order; a `BadLine` where it names nothing, and nothing for blanks and
    comments.

    One line is held at a time. What reads the file bounds the length of its lines (``lines.split_lines``
    does).
    """
    default_ports = tuple(default_ports)
    for number, line in enumerate(lines, 1):
        if (spec := _plain(line)) is not None:
            yield spec
            continue
        try:
            if text := content(line):
                yield parse(text, default_ports)
        except ValueError as error:
            yield BadLine(number, _excerpt(line), str(error))


def _plain(line: bytes | str) -> Spec | None:
    """The commonest lines of large files, ``a.b.c.d:port`` and ``a.b.c.d:port/udp``, four times as fast as `parse`."""
    try:
        text = line if isinstance(line, str) else line.decode("ascii")
        host, _, port = text.rstrip("\r\n").partition(":")
        parse_ipv4(host)
        if port.endswith("/udp"):
            return Spec(host, (parse_port(port[:-4]) + UDP,))
        return Spec(host, (parse_port(port),))
    except ValueError:
        return None


def _excerpt(line: bytes | str) -> str:
    start = line[: SHOWN + 1]
    return shown(start if isinstance(start, str) else start.decode("utf-8", "replace"))[1:-1]


def _ports(text: str) -> tuple[int, ...]:
    if text.isdigit():
        return (parse_port(text),)
    if text.startswith("top"):
        raise ValueError("top:N belongs to -p")
    ports = parse_ports(text)
    if not ports:
        raise ValueError("SCTP ports alone, which are not visited")
    return ports


def _split(where: str) -> tuple[str, str | None]:
    """The host part and the text of the ports, which is None where there is none."""
    if "://" in where:
        host, port = url_place(where)
        return host, format_ports([port])
    if where.startswith("["):
        return _bracketed(where)
    at = where.replace(",", ":").find(":")
    host, ports = (where, None) if at < 0 else (where[:at], where[at + 1 :])
    if host and ports and ports.startswith(_LETTERS):
        return host, ports
    if where.partition(",")[0].partition("/")[0].count(":") > 1:
        return _unbracketed(where)
    return host, ports


_LETTERS = ("T:", "U:", "S:")
"""``host:T:22,U:53``, with nmap's letters, none of which is a hexadecimal digit."""


def _bracketed(where: str) -> tuple[str, str | None]:
    host, bracket, rest = where[1:].partition("]")
    if not bracket or ":" not in host:
        raise ValueError(f"{shown(where)}: brackets go around an IPv6 address")
    if rest.startswith("/") and "/" not in host:
        return _unbracketed(host + rest)
    if rest and rest[0] not in ":,":
        raise ValueError(f"{shown(where)}: after the bracket a colon and the ports are expected")
    return host, rest[1:] if rest else None


def _unbracketed(where: str) -> tuple[str, str | None]:
    """An IPv6 text: every colon belongs to the address, but for one behind the length of a prefix."""
    host, comma, ports = where.partition(",")
    network, slash, rest = host.partition("/")
    length, colon, first = rest.partition(":")
    if colon:
        return f"{network}{slash}{length}", first + comma + ports
    return host, ports if comma else None


_RANGE = lazily(r"[0-9.]+-[0-9.]+", re.ASCII)


def _hosts(text: str) -> tuple[str, Block | None]:
    """The host's canonical text, and the block where it is more than one address."""
    if "%" in text:
        return _zoned(text), None
    if "*" in text:
        text = parse_starred(text)
    if ":" in text or "/" in text or ("-" in text and _RANGE.fullmatch(text)):
        try:
            block = parse_block(text)
        except ValueError as error:
            raise ValueError(f"{error}{_brackets(text)}") from None
        return str(block), block if block.size > 1 else None
    try:
        parse_ipv4(text)
    except ValueError:
        return check_name(text), None
    return text, None


def _brackets(text: str) -> str:
    """What to write for an IPv6 address with a port, where the port does not pass for a group of the address."""
    host, _, port = text.rpartition(":")
    try:
        parse_address(host)
        parse_ports(port)
    except ValueError:
        return ""
    return f"; with a port it is [{host}]:{port}" if ":" in host else ""


_COLUMN = lazily(r"([0-9]{1,5}(?:[,-][0-9]{1,5}|/tcp|/udp)*)(?:\s+|\Z)")
"""A second column that is ports, as in ``192.0.2.1 22 tag`` and ``192.0.2.1 53/udp``."""


def is_address(text: str) -> bool:
    """Whether `text`, which `_hosts` gave, is an address: no name ends in a number or holds a colon."""
    return ":" in text or text.rpartition(".")[2].isdigit()


def _zoned(text: str) -> str:
    address, _, zone = text.partition("%")
    number = parse_address(address)
    if number >> 118 != 0xFE80 >> 6 or not ZONE.fullmatch(zone):
        raise ValueError(f"{shown(text)}: a zone (fe80::1%eth0) goes with one link-local address")
    return f"{format_address(number)}%{zone}"

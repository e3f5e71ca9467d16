"""nmap-service-probes as nmap ships it: probes with their matches, read line by line.

Source of the format: "Service and Application Version Detection", chapter 7 of Nmap Network Scanning (section
7.6, file format). A line that is not understood is rejected by itself, with its number and the reason. What a
`Service` has no field for (``h/``, a host name) is read and not shown.
"""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from ..ambiguity import unambiguous
from ..literals import groups_of
from .flavour import Flavour, translate

_MATCH = re.compile(r"(\S+)\s+m(\S)")
_FIELD = re.compile(r"\s*(cpe:|[pvihod])(\S)")
_PROBE = re.compile(r"(TCP|UDP) (\S+) q(\S)")
_LETTERS = {"p": "product", "v": "version", "i": "info", "h": "host", "o": "os", "d": "device", "cpe:": "cpe"}
_IGNORED = ("totalwaitms", "tcpwrappedms", "rarity", "ports", "sslports", "fallback")
_ESCAPES = {"0": 0, "a": 7, "b": 8, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11, "\\": 92}


class NmapRule(msgspec.Struct, array_like=True):
    """One ``match`` or ``softmatch``. ``pattern`` is in Python's syntax, for Latin-1 text."""

    line: int
    service: str
    soft: bool
    pattern: str
    flags: int
    fields: list[tuple[str, str]]
    """(``product`` and so on, template)."""


class NmapProbe(msgspec.Struct, array_like=True):
    """One ``Probe`` with what belongs to it. ``ports`` are (first, last)."""

    protocol: str
    name: str
    payload: bytes
    ports: list[tuple[int, int]] = []
    sslports: list[tuple[int, int]] = []
    rarity: int | None = None
    fallback: list[str] = []
    matches: int = 0
    """How many rules it holds."""


class NmapFile(msgspec.Struct):
    """A whole file. ``rules`` stand in the order in which they are tried: those of the NULL probe first."""

    probes: list[NmapProbe]
    rules: list[NmapRule]
    rejected: list[str]
    excluded: list[str]
    """What ``Exclude`` says, as written."""
    datagrams: list[NmapRule] = []
    """The rules under UDP's probes, in their order: for answers to datagrams alone."""


class _Bad(ValueError):  # noqa: N818 - a verdict on a line
    """A line that cannot be honoured."""


def parse(data: bytes, path: Path) -> NmapFile:
    """The file in `data`. Raises `ValueError` where it has no probe at all.

    The lines under UDP's probes are for answers to datagrams (``datagrams``): none of them is a rule for what a
    connection hears.
    """
    read = NmapFile([], [], [], [])
    by_probe: list[list[NmapRule]] = []
    for number, raw in enumerate(data.decode("latin-1").split("\n"), 1):
        line = raw.strip("\r")
        if not line.strip() or line.startswith("#"):
            continue
        word, _, rest = line.partition(" ")
        try:
            if word == "Exclude":
                read.excluded.append(rest)
            elif word == "Probe":
                read.probes.append(_probe(rest))
                by_probe.append([])
            elif not read.probes:
                raise _Bad("stands before the first Probe")
            elif word in ("match", "softmatch"):
                by_probe[-1].append(_rule(rest, number, word == "softmatch"))
                read.probes[-1].matches += 1
            else:
                _directive(read.probes[-1], word, rest)
        except (ValueError, RecursionError, OverflowError, re.error) as error:
            read.rejected.append(f"{path.name}: line {number}: {error}")
    if not read.probes:
        raise ValueError(f"{path.name}: no Probe in it")
    tcp = [index for index, probe in enumerate(read.probes) if probe.protocol == "TCP"]
    order = sorted(tcp, key=lambda index: read.probes[index].name != "NULL")
    read.rules = [rule for index in order for rule in by_probe[index]]
    read.datagrams = [
        rule
        for probe, own in zip(read.probes, by_probe, strict=True)
        if probe.protocol == "UDP"
        for rule in own
    ]
    return read


def _probe(text: str) -> NmapProbe:
    found = _PROBE.match(text)
    if found is None:
        raise _Bad("Probe: expected 'TCP|UDP name q|payload|'")
    payload, _ = _delimited(text, found.end() - 1)
    return NmapProbe(found.group(1), found.group(2), unescaped(payload))


def _directive(probe: NmapProbe, word: str, rest: str) -> None:
    if word not in _IGNORED:
        raise _Bad(f"{word!r} is not known")
    if word == "rarity":
        probe.rarity = int(rest)
    elif word == "fallback":
        probe.fallback = [name.strip() for name in rest.split(",")]
    elif word == "ports":
        probe.ports = _ports(rest)
    elif word == "sslports":
        probe.sslports = _ports(rest)
    else:
        int(rest)  # a number of milliseconds: the driver has deadlines of its own


def _ports(text: str) -> list[tuple[int, int]]:
    ranges = []
    for part in text.split(","):
        first, _, last = part.strip().partition("-")
        ranges.append((int(first), int(last or first)))
        if not 0 <= ranges[-1][0] <= ranges[-1][1] <= 65535:
            raise _Bad(f"{part} is no range of ports")
    return ranges


def _rule(text: str, number: int, soft: bool) -> NmapRule:
    found = _MATCH.match(text)
    if found is None:
        raise _Bad("expected 'service m|pattern|'")
    pattern, at = _delimited(text, found.end() - 1)
    flags = re.ASCII
    while at < len(text) and not text[at].isspace():
        if text[at] not in "is":
            raise _Bad(f"flag {text[at]!r} is not known")
        flags |= re.IGNORECASE if text[at] == "i" else re.DOTALL
        at += 1
    translated = translate(pattern, Flavour.PCRE)
    groups = groups_of(translated, flags)
    unambiguous(translated, int(flags))
    fields = _fields(text, at)
    for _, template in fields:
        for reference in _REFERENCE.finditer(template):
            group = int(reference.group(1) or reference.group(3))
            if not 1 <= group <= groups:
                raise _Bad(f"group {group} of {groups} is asked for")
    return NmapRule(number, found.group(1), soft, translated, int(flags), fields)


def _fields(text: str, at: int) -> list[tuple[str, str]]:
    fields = []
    while text[at:].strip():
        found = _FIELD.match(text, at)
        if found is None:
            raise _Bad(f"{text[at:].strip()[:40]!r} is no field")
        value, at = _delimited(text, found.end() - 1)
        name = _LETTERS[found.group(1)]
        if name == "cpe":
            value = "cpe:/" + value
            while at < len(text) and text[at] == "a":  # "applies to": no meaning here
                at += 1
        fields.append((name, value))
    return fields


def _delimited(text: str, at: int) -> tuple[str, int]:
    """What stands between the delimiter at `at` and its next occurrence, and where that ends."""
    end = text.find(text[at], at + 1)
    if end < 0:
        raise _Bad(f"no closing {text[at]!r}")
    return text[at + 1 : end], end + 1


def unescaped(text: str) -> bytes:
    r"""A payload's bytes: ``\xHH``, ``\0``, ``\r`` and the like."""
    return re.sub(
        r"\\(x[0-9A-Fa-f]{2}|.)",
        lambda m: chr(int(m[1][1:], 16) if len(m[1]) == 3 else _ESCAPES.get(m[1], ord(m[1]))),
        text,
        flags=re.DOTALL,
    ).encode("latin-1", "replace")


# -- templates ----------------------------------------------------------------------------------------

_REFERENCE = re.compile(
    r"\$(?:(\d)|(P|SUBST|I)\((\d)(?:,\"((?:[^\"\\]++|\\.)*+)\"(?:,\"((?:[^\"\\]++|\\.)*+)\")?)?\))"
)


def filled(template: str, groups: tuple[str | None, ...]) -> str:
    """`template` with ``$1``, ``$P(1)``, ``$SUBST(1,"_",".")``, ``$I(1,">")`` in place; no group is empty text."""
    return (
        _REFERENCE.sub(lambda reference: _value(reference, groups), template) if "$" in template else template
    )


def _value(reference: re.Match[str], groups: tuple[str | None, ...]) -> str:
    plain, function, group, first, second = reference.groups()
    text = groups[int(plain or group) - 1] or ""
    if function == "P":
        return "".join(character for character in text if " " <= character <= "~")
    if function == "SUBST":
        return text.replace(first or "", second or "") if first else text
    if function == "I" and 0 < len(text) <= 8:
        return str(int.from_bytes(text.encode("latin-1"), "big" if first == ">" else "little"))
    return "" if function == "I" else text

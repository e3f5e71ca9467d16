"""Collections in Recog's XML format: ours, and rapid7/recog's as they are shipped.

A fingerprint that cannot be honoured is rejected by itself, with its reason; the rest of its file loads.
Only the elements are read that the format has; XML entities beyond the five of XML are refused by expat's
parser being given no DTD at all.
"""

from __future__ import annotations

import base64
import binascii
import re
from pathlib import Path
from xml.etree import ElementTree

import msgspec

from ..ambiguity import unambiguous
from ..fields import NAMES, as_text
from ..literals import groups_of
from ..rule import Rule
from .flavour import Flavour, Unfaithful, translate

ALIASES = {
    "rsh.resp": "rsh.response", "x11": "x11.banner", "imap.banner": "imap4.banner",
    "pop.banner": "pop3.banner", "http_header.set_cookie": "http_header.cookie",
    "cookie": "http_header.cookie", "rtsp.server": "rtsp_header.server",
    "html_title.title": "html_title", "http_header.www_authenticate": "http_header.wwwauth",
    "dns.version_bind": "dns.versionbind", "http_header.x_powered_by": "http_header.powered_by",
    "http_header.x-powered-by": "http_header.powered_by", "telnet_banners": "telnet.banner",
    "mysql.banners": "mysql.banner", "x11.vendor": "x11.banner", "rsh_resp": "rsh.response",
    "snmp.sysdescr": "snmp.sys_description", "snmp_sysdescr": "snmp.sys_description",
    "snmp.sys_descr": "snmp.sys_description", "snmp.sysobjid": "snmp.sys_object_id",
    "snmp_sysobjid": "snmp.sys_object_id", "snmp.sys_objid": "snmp.sys_object_id",
    "ntp_banners": "ntp.banner", "ntp.readvar": "ntp.banner",
    "mdns.device-info_txt": "mdns.device-info.txt", "mdns_device-info_txt": "mdns.device-info.txt",
    "mdns.workstation_txt": "mdns.workstation.txt", "mdns_workstation_txt": "mdns.workstation.txt",
    "upnp.server": "ssdp_header.server", "upnp_banners": "ssdp_header.server", "upnp.banner": "ssdp_header.server",
    "ssdp.server": "ssdp_header.server", "upnp_server": "ssdp_header.server",
}  # fmt: skip
_FLAGS = {
    "REG_ICASE": re.IGNORECASE, "REG_DOT_NEWLINE": re.DOTALL, "REG_MULTILINE": re.DOTALL,
    "IGNORECASE": re.IGNORECASE, "REG_LINE_ANY_CRLF": re.NOFLAG,
}  # fmt: skip

_THEN = {
    "interface": (
        r"(?=$| ?[^\w\s-]| ?-(?!\w)| v?\d| (?:Log ?[io]n|Sign|Web|UI|Admin|Console|Dashboard|Server|Portal|Manage"
        r"|Home|Setup|Install|Interface|Client|Community|Enterprise|Desktop|Help|Transfer|Platform|OSSIM|CRM|Redirect|Linux|Security|Connect"
        r"|XProtect|Password|Pro|Parallels|Config|Remote|WebUI|Page|Panel|Studio|Control))"
    ),
}
"""What ``then`` asks for behind a pattern: the end, a sign, a number, or a word that interfaces have in their titles.
A name that ordinary words follow stands in a sentence: ``Grafana for beginners`` is no Grafana."""


class Example(msgspec.Struct):
    """A text that a rule must recognise, and the params that must come out."""

    text: str
    expected: dict[str, str]


class Rejected(msgspec.Struct):
    """A rule or a file that could not be loaded, and why."""

    where: str
    reason: str


class Collection(msgspec.Struct):
    """One file's rules in their order."""

    name: str
    matches: str
    preference: float
    rules: list[Rule]
    examples: list[list[Example]]
    """Beside ``rules``: the examples of each."""
    rejected: list[Rejected]


def read(path: Path, *, foreign: bool = False, examples: bool = True) -> Collection:
    """The collection in `path`. Raises `ValueError` where the file as a whole is no collection."""
    return parse(path.read_bytes(), path, foreign=foreign, examples=examples)


def parse(data: bytes, path: Path, *, foreign: bool = False, examples: bool = True) -> Collection:
    """The collection in `data`, which was read from `path`."""
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise ValueError(f"{path.name}: document types and entities are not read")
    try:
        root = ElementTree.fromstring(data)
    except ElementTree.ParseError as error:
        raise ValueError(f"{path.name}: {error}") from None
    if root.tag != "fingerprints":
        raise ValueError(f"{path.name}: <{root.tag}> where <fingerprints> belongs")
    matches = root.get("matches", path.stem)
    protocol = root.get("protocol") or matches.partition(".")[0]
    collection = Collection(
        path.stem, ALIASES.get(matches, matches), _number(root.get("preference"), 0.5), [], [], []
    )
    for number, element in enumerate(root.iter("fingerprint"), 1):
        try:
            rule = _rule(element, path.stem, NAMES.get(protocol, protocol), foreign)
            told = [_example(e, path) for e in element.iter("example")] if examples else []
        except (ValueError, RecursionError, OverflowError) as error:
            description = element.findtext("description", "").strip()
            collection.rejected.append(
                Rejected(f"{path.name}: fingerprint {number} ({description})", str(error))
            )
            continue
        collection.rules.append(rule)
        collection.examples.append(told)
    return collection


def _rule(element: ElementTree.Element, stem: str, protocol: str, foreign: bool) -> Rule:
    pattern = element.get("pattern")
    if pattern is None:
        raise ValueError("no pattern")
    flags = int(re.MULTILINE | re.ASCII)
    for flag in filter(None, re.split(r"[,|\s]+", element.get("flags", ""))):
        if flag not in _FLAGS:
            raise ValueError(f"flag {flag} is not known")
        flags |= _FLAGS[flag]
    translated = translate(pattern, Flavour.RUBY)
    if then := element.get("then"):
        if then not in _THEN:
            raise ValueError(f"what is {then} behind a name is not known")
        translated += _THEN[then]
    try:
        groups = groups_of(translated, flags)
    except (re.error, RecursionError, OverflowError) as error:
        raise Unfaithful(f"{error} in {pattern}") from None
    unambiguous(translated, flags)
    constants: dict[str, str] = {}
    captures: list[tuple[int, str]] = []
    for param in element.iter("param"):
        name, position = param.get("name", ""), int(param.get("pos", ""))
        if position == 0:
            constants[name] = param.get("value", "")
        elif position > groups:
            raise ValueError(f"param {name} takes group {position} of {groups}")
        else:
            captures.append((position, name))
    certainty = element.get("certainty")
    return Rule(
        id=f"{stem}/{slug(element.findtext('description', ''))}",
        pattern=translated,
        flags=flags,
        protocol=protocol,
        constants=constants,
        captures=captures,
        certainty=None if certainty is None else _number(certainty, 0.5),
        foreign=foreign,
    )


def slug(description: str) -> str:
    """A rule's name from its description: ``OpenSSH on Debian`` is ``openssh-on-debian``."""
    return re.sub(r"[^a-z0-9.]+", "-", description.lower())[:48].strip("-.") or "unnamed"


def _example(element: ElementTree.Element, path: Path) -> Example:
    expected = {name: value for name, value in element.attrib.items() if not name.startswith("_")}
    if filename := element.get("_filename"):
        inside = (path.parent / path.stem / filename).resolve()
        if not inside.is_relative_to(path.parent.resolve()):
            raise ValueError(f"example file {filename} lies outside the collection")
        return Example(as_text(inside.read_bytes()), expected)
    text = element.text or ""
    encoding = element.get("_encoding")
    if encoding == "base64":
        try:
            return Example(as_text(base64.b64decode(text)), expected)
        except binascii.Error as error:
            raise ValueError(f"an example is not base64: {error}") from None
    if encoding:
        raise ValueError(f"an example's encoding {encoding} is not known")
    return Example(text, expected)


def _number(text: str | None, default: float) -> float:
    number = default if text is None else float(text)
    if not 0 <= number <= 1:
        raise ValueError(f"{text} is not between 0 and 1")
    return number

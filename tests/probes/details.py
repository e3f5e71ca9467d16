"""The fields of every dialogue's `details`, read from docs/probes.md: their part of the JSON Schema, and their types.

``python -m tests.probes.details`` writes that part into banner/formats/schema.json anew, and banner/models/details/.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from banner import Transport

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "banner" / "formats" / "schema.json"
PACKAGE = ROOT / "banner" / "models" / "details"
SECTIONS = re.split(r"^## ", (ROOT / "docs" / "probes.md").read_text(), flags=re.MULTILINE)[1:]
OVER_UDP = " over UDP"
"""Ends the heading of a dialogue over UDP."""
ROW = re.compile(r"^\| `([a-z][a-z0-9_]*)` \| ([a-z ]+) \| (.*)\|$", re.MULTILINE)
DOCUMENTED = {part.partition("\n")[0]: {row[1]: row[2] for row in ROW.finditer(part)} for part in SECTIONS}
TYPES: dict[str, dict[str, Any]] = {
    "string": {"type": "string"},
    "boolean": {"type": "boolean"},
    "integer": {"type": "integer"},
    "integers by name": {"type": "object", "additionalProperties": {"type": "integer"}},
    "list of strings": {"type": "array", "items": {"type": "string"}},
}
"""The documentation's words for types, and the schema's."""
PYTHON = {
    "string": "str",
    "boolean": "bool",
    "integer": "int",
    "integers by name": "dict[str, int]",
    "list of strings": "list[str]",
}
"""The same in Python."""
FAMILIES = {
    "consoles": "adb rdp ssh telnet vnc winbox x11 xdmcp",
    "databases": """bolt cassandra drda firebird memcached mongodb ms-sql-m mssql mysql oracle-tns postgresql
        redis""",
    "devices": """bacnet coap dnp3 enip fins fox ipmi modbus msrpc nrpe opcua rpcbind s7 snmp snmp-v2c ubiquiti
        zabbix-agent""",
    "files": "afp ftp git iscsi rsync smb2 svn tftp",
    "http": "docker http http2 ipp kubernetes",
    "messages": """finger h323 ident imap irc managesieve mumble nntp pop3 pulseaudio rtmp rtsp sane sccp sip smtp
        xmpp""",
    "networks": """cldap dns dtls ike isakmp kerberos l2tp ldap mdns nat-pmp netbios-ns ntp openvpn pptp quic socks5
        srvloc ssdp stun ws-discovery""",
    "queues": "amqp epmd kafka mqtt nats openwire stomp zookeeper",
}
"""Which dialogues' types stand in one file, over TCP and over UDP: few files, as each costs 0.3 ms to import."""


def rules() -> list[dict[str, Any]]:
    """For each dialogue that leaves details: where it recognised the service, these are their types."""
    return [
        {
            "if": _spoken(name),
            "then": {
                "properties": {
                    "details": {"properties": {field: TYPES[kind] for field, kind in fields.items()}}
                }
            },
        }
        for name, fields in DOCUMENTED.items()
        if fields
    ]


def dialogue(heading: str) -> tuple[str, Transport]:
    """The name of a section's dialogue, and what carries it."""
    name = heading.removesuffix(OVER_UDP)
    return name, Transport.TCP if name == heading else Transport.UDP


def _spoken(heading: str) -> dict[str, Any]:
    """The schema of a record whose service that dialogue recognised; TCP's are those without a transport."""
    name, transport = dialogue(heading)
    if transport is Transport.TCP:
        return {
            "properties": {"probe": {"const": name}, "transport": {"const": "tcp"}},
            "required": ["probe"],
        }
    said = {"probe": {"const": name}, "transport": {"const": "udp"}}
    return {"properties": said, "required": ["probe", "transport"]}


def class_name(heading: str) -> str:
    """How the type of a section's details is called: ``SshDetails``, ``SnmpV2cUdpDetails``."""
    name, transport = dialogue(heading)
    return (
        "".join(map(str.capitalize, name.split("-")))
        + ("Udp" if transport is Transport.UDP else "")
        + "Details"
    )


def package() -> dict[str, str]:
    """The types as a package: what each file holds, by its name."""
    files = {f"{family}.py": _module(family) for family in FAMILIES}
    imports = [
        f"from .{family} import {name} as {name}\n"
        for family in FAMILIES
        for name in sorted(map(class_name, _headings(family)), key=str.casefold)
    ]
    return files | {"__init__.py": "\n".join([_HEAD, "".join(imports)])}


def _headings(family: str) -> list[str]:
    """The sections of a family's dialogues that tell details."""
    names = FAMILIES[family].split()
    return [heading for heading, fields in DOCUMENTED.items() if fields and dialogue(heading)[0] in names]


def _module(family: str) -> str:
    """One family's types."""
    classes = []
    for heading in _headings(family):
        name, transport = dialogue(heading)
        lines = [f"class {class_name(heading)}(TypedDict, total=False):"]
        lines.append(f'    """`{name}`{"" if transport is Transport.TCP else OVER_UDP}."""')
        lines.append("")
        lines += [f"    {field}: {PYTHON[kind]}" for field, kind in DOCUMENTED[heading].items()]
        classes.append("\n".join(lines) + "\n")
    head = f'''\
"""What ``details`` tell of {family}: written from docs/probes.md, as the schema is."""

from __future__ import annotations

from typing import TypedDict
'''
    return "\n\n".join([head, *classes])


_HEAD = '''\
"""What ``details`` hold, by the dialogue that ``probe`` names: written from docs/probes.md, as the schema is.

For type checkers: ``cast(details.SshDetails, grab.details)``. Every field may be absent. Over UDP there are besides
``datagrams``, ``amplification``, ``from_port`` and ``from_elsewhere``.
"""

from __future__ import annotations
'''


def main() -> None:
    """Write the rules into the schema, and the types."""
    for name, text in package().items():
        (PACKAGE / name).write_text(text)
    schema = json.loads(SCHEMA.read_text())
    definitions = schema.pop("$defs")
    schema |= {"allOf": rules(), "$defs": definitions}
    SCHEMA.write_text(json.dumps(schema, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()

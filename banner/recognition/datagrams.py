"""The fields that the rules are held against, of what dialogues over UDP learned: from a record's ``details``.

Their answers are mostly binary, and several of them one after the other: what they say is read once, by the dialogue.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .fields import LIMIT, Reading, as_text

Fields = tuple[tuple[str, str], ...]
"""As `engine.Fields`."""
_KEYS: dict[str, dict[str, tuple[str, ...]]] = {
    "dns": {"version_bind": ("dns.versionbind",)},
    "snmp": {"description": ("snmp.sys_description",), "object_id": ("snmp.sys_object_id",)},
    "ssdp": {"server": ("ssdp_header.server", "http_header.server")},
    "sip": {"server": ("sip_header.server",), "user_agent": ("sip_header.user_agent",)},
    "stun": {"software": ("stun.software",)},
    "ike": {"vendor_ids": ("ike.vendor_id",)},
    "coap": {"resources": ("coap.resource",)},
    "tftp": {"error": ("tftp.error",)},
    "kerberos": {"error_text": ("kerberos.error_text",)},
}
"""By service, for each of its details, under which keys it is asked; an item of a list is a field of its own."""


CARRIED = frozenset((
    "chargen", "daytime", "dns", "http", "kerberos", "ldap", "memcached", "qotd", "rtsp", "sip", "time",
))  # fmt: skip
"""Of the protocols that are known by the shape of their bytes, those that UDP carries too (IANA's registry of service
names): a datagram that looks like telnet's, for it begins with FF, or MySQL's is somebody else's."""


def carried(ways: list[Reading], data: bytes) -> list[Reading]:
    """Of the `ways` to read `data`, those of a datagram; as a text of nobody's where there is none."""
    kept = [way for way in ways if not way.protocol or way.protocol in CARRIED]
    return kept if kept or not ways else [Reading("", [("greeting", as_text(data[:LIMIT]))], 0.0)]


def told(service: str, details: Mapping[str, object]) -> Fields:
    """The fields of an answer of `service`, from what its dialogue left."""
    if (read := _OWN.get(service)) is not None:
        return tuple(read(details))
    found = []
    for name, keys in _KEYS.get(service, {}).items():
        found += [(key, text) for text in _texts(details.get(name)) for key in keys]
    return tuple(found)


def _texts(value: object) -> list[str]:
    return [
        text for text in (value if isinstance(value, list) else [value]) if isinstance(text, str) and text
    ]


def _ntp(details: Mapping[str, object]) -> list[tuple[str, str]]:
    """The variables, written as a server writes them (RFC 9327, section 3)."""
    names = {"version": "version", "processor": "processor", "system": "os"}
    said = [f'{name}="{text}"' for name, field in names.items() for text in _texts(details.get(field))]
    return [("ntp.banner", ", ".join(said))] if said else []


def _mdns(details: Mapping[str, object]) -> list[tuple[str, str]]:
    strings = _texts(details.get("txt"))
    found = [
        ("mdns.device-info.txt" if text.startswith("model=") else "mdns.workstation.txt", text)
        for text in strings
    ]
    services = _texts(details.get("services"))
    return [*found, ("mdns.services", "\n".join(services))] if services else found


def _netbios(details: Mapping[str, object]) -> list[tuple[str, str]]:
    names = _texts(details.get("names"))
    return [("netbios.names", "\n".join(names))] if names else []


_OWN: dict[str, Callable[[Mapping[str, object]], list[tuple[str, str]]]] = {
    "ntp": _ntp, "mdns": _mdns, "netbios-ns": _netbios,
}  # fmt: skip

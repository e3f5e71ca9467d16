"""MikroTik's routers, in front of their login."""

from banner.models import Service

from ..conversation import Recording, client, server

FRAMES = 'Tenable, "RouterOS: Chain to Root", and tenable/routeros'
OPEN = client(
    b"\x37\1\0\x35M2\5\0\xff\1\6\0\xff\x09\7\7\0\xff\x09\7\1\0\0\x21\4list"
    b"\2\0\xff\x88\2\0\0\0\0\0\x08\0\0\0\1\0\xff\x88\2\0\2\0\0\0\2\0\0\0"
)
READ = client(
    b"\x3e\1\0\x3cM2\5\0\xff\1\6\0\xff\x09\4\7\0\xff\x09\4\1\0\xfe\x08\x2a\0\0\0\2\0\0\x08\0\2\0\0"
    b"\2\0\xff\x88\2\0\0\0\0\0\x08\0\0\0\1\0\xff\x88\2\0\2\0\0\0\2\0\0\0"
)
ROUTE = b"\1\0\xff\x88\2\0\0\0\0\0\x08\0\0\0\2\0\xff\x88\2\0\2\0\0\0\2\0\0\0"
LIST = (
    b'{ crc: 164562873, size: 36817, name: "advtool.jg", unique: "advtool-0a1b2c3d4e5f.jg", version: "6.39.3" },\n'
    b'{ crc: 297100416, size: 24301, name: "dhcp.jg", unique: "dhcp-5f4e3d2c1b0a.jg", version: "6.39.3" },\n'
    b'{ crc: 381911202, size: 50121, name: "hotspot.jg", unique: "hotspot-9a8b7c6d5e4f.jg", version: "6.39.3" },\n'
)


def message(data: bytes) -> bytes:
    """In chunks of up to 255 bytes."""
    data = len(data).to_bytes(2, "big") + data
    parts = [data[at : at + 255] for at in range(0, len(data), 255)]
    return b"".join(bytes([len(part), 0xFF if at else 1]) + part for at, part in enumerate(parts))


RECORDINGS = (
    Recording(
        "a list handed out",
        FRAMES,
        turns=(
            OPEN,
            server(message(b"M2" + ROUTE + b"\6\0\xff\x09\7\1\0\xfe\x08\x2a\0\0\0\2\0\0\x08\x44\1\0\0")),
            READ,
            server(message(b"M2" + ROUTE + b"\6\0\xff\x09\4\3\0\0\x30" + len(LIST).to_bytes(2, "little") + LIST)),
        ),
        service=Service(
            "winbox", "MikroTik", "RouterOS", "6.39.3", os="RouterOS",
            cpe=("cpe:2.3:o:mikrotik:routeros:6.39.3:*:*:*:*:*:*:*",), confidence=0.95,
        ),
        details={"list": "granted"},
    ),
    Recording(
        "a list refused",
        FRAMES,
        turns=(OPEN, server(message(b"M2" + ROUTE + b"\6\0\xff\x09\7\x08\0\xff\x08\x09\0\xfe\0"))),
        service=Service("winbox", "MikroTik", "RouterOS", os="RouterOS", confidence=0.95),
        details={"list": "refused"},
    ),
)  # fmt: skip

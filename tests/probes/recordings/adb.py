"""Android devices."""

from banner.models import Service

from ..conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "adbd that lets everybody in",
        "AOSP, adb's protocol.txt, 'CONNECT'",
        turns=(
            client(
                b"CNXN\x00\x00\x00\x01\x00\x10\x00\x00\x07\x00\x00\x002\x02\x00\x00\xbc\xb1\xa7\xb1host::\x00"
            ),
            server(
                b"CNXN\x01\x00\x00\x01\x00\x00\x10\x00{\x00\x00\x009.\x00\x00\xbc\xb1\xa7\xb1de"
                b"vice::ro.product.name=sdk_"
                b"gphone;ro.product.model=An"
                b"droid SDK;ro.product.devic"
                b"e=generic_x86;features=cmd"
                b",shell_v2,stat_v2"
            ),
        ),
        service=Service("adb"),
        details={
            "auth_required": False,
            "protocol_version": "0x01000001",
            "system_type": "device",
            "product_name": "sdk_gphone",
            "model": "Android SDK",
            "device": "generic_x86",
            "features": ["cmd", "shell_v2", "stat_v2"],
        },
    ),
    Recording(
        "adbd that wants a key",
        "AOSP, adb's protocol.txt, 'AUTH'",
        turns=(
            client(
                b"CNXN\x00\x00\x00\x01\x00\x10\x00\x00\x07\x00\x00\x002\x02\x00\x00\xbc\xb1\xa7\xb1host::\x00"
            ),
            server(
                b"AUTH\x01\x00\x00\x00\x00\x00\x00\x00\x14\x00\x00\x00\xbe\x00\x00\x00\xbe\xaa\xab\xb7\x00\x01"
                b"\x02\x03\x04\x05\x06\x07\x08\t\n\x0b\x0c\r\x0e\x0f\x10\x11\x12\x13"
            ),
        ),
        service=Service("adb"),
        details={"auth_required": True, "tls_required": False},
    ),
)

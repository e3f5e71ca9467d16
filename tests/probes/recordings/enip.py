"""EtherNet/IP."""

from banner.models import Service

from ..conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "cpppo 5",
        "recorded",
        turns=(
            client(b"c\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00identity\x00\x00\x00\x00"),
            server(
                b"c\x00<\x00\x00\x00\x00\x00\x00\x00\x00\x00identity\x00\x00\x00\x00\x01\x00\x0c\x006\x00\x01\x00\x00\x02\xaf\x12\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x0e\x006\x00\x14\x0b`1\x1a\x06l\x00\x141756-L61/B LOGIX5561\xff"
            ),
        ),
        service=Service(
            name="ethernet-ip",
            vendor="Rockwell Automation",
            product="1756-L61/B LOGIX5561",
            version="20.11",
            device="programmable logic controller",
        ),
        details={
            "address": "0.0.0.0:44818",
            "vendor_id": 1,
            "device_type": "programmable logic controller",
            "product_code": 54,
            "revision": "20.11",
            "device_status": 12640,
            "serial_number": "006c061a",
            "product_name": "1756-L61/B LOGIX5561",
            "vendor": "Rockwell Automation",
        },
    ),
)

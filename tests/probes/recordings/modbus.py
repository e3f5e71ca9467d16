"""Modbus."""

from banner.models import Service

from ..conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "pymodbus 3.16.1",
        "recorded",
        turns=(
            client(b"bn\x00\x00\x00\x05\xff+\x0e\x01\x00"),
            server(
                b"bn\x00\x00\x00\x1e\xff+\x0e\x01\x83\x00\x00\x03\x00\x08Pymodbus\x01\x02PM\x02\x063.16.1"
            ),
        ),
        service=Service(name="modbus", vendor="Pymodbus", product="PM", version="3.16.1"),
        details={"vendor": "Pymodbus", "product_code": "PM", "revision": "3.16.1"},
    ),
    Recording(
        "a device that does not know the function",
        "MODBUS Application Protocol Specification V1.1b3, 7",
        turns=(
            client(b"bn\x00\x00\x00\x05\xff+\x0e\x01\x00"),
            server(b"bn\x00\x00\x00\x03\xff\xab\x01"),
        ),
        service=Service(name="modbus"),
        details={"exception": "illegal function"},
    ),
)

"""ubiquiti over UDP."""

from banner.models import Service

from ...conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "a NanoStation",
        "fields as devices send them",
        turns=(
            client(b"\x01\x00\x00\x00"),
            server(
                b"\x01\x00\x00n\x02\x00\n\x02\x00^\x00S\x01\xc0\x00\x02\x07\x01\x00\x06\x02\x00^\x00S\x01\n\x00\x04\x00\x01Q\x80\x0b\x00\x05field\x0c\x00\x03LM5\x03\x00#XM.ar7240.v6.3.11.33396.220816.1544\r\x00\tfield net\x14\x00\x0eNanoStation M5"
            ),
        ),
        service=Service(name="ubiquiti", vendor="Ubiquiti", device="NanoStation M5"),
        details={
            "mac": "02:00:5e:00:53:01",
            "address": "192.0.2.7",
            "uptime": 86400,
            "hostname": "field",
            "platform": "LM5",
            "firmware_version": "XM.ar7240.v6.3.11.33396.220816.1544",
            "essid": "field net",
            "model": "NanoStation M5",
        },
    ),
)

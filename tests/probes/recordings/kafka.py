"""Kafka brokers."""

from banner.models import Service

from ..conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "Kafka 3.9",
        "the calls of release 3.9 as kafka-python lists them, in the form of the protocol guide",
        turns=(
            client(b"\x00\x00\x00\x10\x00\x12\x00\x00bann\x00\x06banner"),
            server(
                b"\x00\x00\x01~bann\x00\x00\x00\x00\x00>\x00\x00\x00\x00\x00\x0b\x00\x01\x00\x00\x00\x11"
                b"\x00\x02\x00\x00\x00\t\x00\x03\x00\x00\x00\x0c\x00\x04\x00\x00\x00\x07\x00\x05\x00\x00\x00\x04\x00\x06"
                b"\x00\x00\x00\x08\x00\x07\x00\x00\x00\x03\x00\x08\x00\x00\x00\t\x00\t\x00\x00\x00\t\x00\n\x00\x00"
                b"\x00\x06\x00\x0b\x00\x00\x00\t\x00\x0c\x00\x00\x00\x04\x00\r\x00\x00\x00\x05\x00\x0e\x00\x00\x00\x05"
                b"\x00\x0f\x00\x00\x00\x05\x00\x10\x00\x00\x00\x05\x00\x11\x00\x00\x00\x01\x00\x12\x00\x00\x00\x04\x00\x13"
                b"\x00\x00\x00\x07\x00\x14\x00\x00\x00\x06\x00\x15\x00\x00\x00\x02\x00\x16\x00\x00\x00\x05\x00\x17\x00\x00"
                b"\x00\x04\x00\x18\x00\x00\x00\x05\x00\x19\x00\x00\x00\x04\x00\x1a\x00\x00\x00\x04\x00\x1b\x00\x00\x00\x01"
                b"\x00\x1c\x00\x00\x00\x04\x00\x1d\x00\x00\x00\x03\x00\x1e\x00\x00\x00\x03\x00\x1f\x00\x00\x00\x03\x00 "
                b'\x00\x00\x00\x04\x00!\x00\x00\x00\x02\x00"\x00\x00\x00\x02\x00#\x00\x00\x00\x04\x00$\x00\x00'
                b"\x00\x02\x00%\x00\x00\x00\x03\x00&\x00\x00\x00\x03\x00'\x00\x00\x00\x02\x00(\x00\x00\x00\x02"
                b"\x00)\x00\x00\x00\x03\x00*\x00\x00\x00\x02\x00+\x00\x00\x00\x02\x00,\x00\x00\x00\x01\x00-"
                b"\x00\x00\x00\x00\x00.\x00\x00\x00\x00\x00/\x00\x00\x00\x00\x000\x00\x00\x00\x01\x001\x00\x00"
                b"\x00\x01\x002\x00\x00\x00\x00\x003\x00\x00\x00\x00\x008\x00\x00\x00\x03\x009\x00\x00\x00\x01"
                b"\x00:\x00\x00\x00\x00\x00<\x00\x00\x00\x01\x00=\x00\x00\x00\x00\x00A\x00\x00\x00\x00\x00B"
                b"\x00\x00\x00\x01\x00C\x00\x00\x00\x00\x00D\x00\x00\x00\x00\x00E\x00\x00\x00\x00"
            ),
        ),
        service=Service("kafka"),
        details={
            "api_count": 62,
            "api_versions": [
                "0:0-11",
                "1:0-17",
                "2:0-9",
                "3:0-12",
                "4:0-7",
                "5:0-4",
                "6:0-8",
                "7:0-3",
                "8:0-9",
                "9:0-9",
                "10:0-6",
                "11:0-9",
                "12:0-4",
                "13:0-5",
                "14:0-5",
                "15:0-5",
                "16:0-5",
                "17:0-1",
                "18:0-4",
                "19:0-7",
                "20:0-6",
                "21:0-2",
                "22:0-5",
                "23:0-4",
                "24:0-5",
                "25:0-4",
                "26:0-4",
                "27:0-1",
                "28:0-4",
                "29:0-3",
                "30:0-3",
                "31:0-3",
                "32:0-4",
                "33:0-2",
                "34:0-2",
                "35:0-4",
                "36:0-2",
                "37:0-3",
                "38:0-3",
                "39:0-2",
                "40:0-2",
                "41:0-3",
                "42:0-2",
                "43:0-2",
                "44:0-1",
                "45:0-0",
                "46:0-0",
                "47:0-0",
                "48:0-1",
                "49:0-1",
                "50:0-0",
                "51:0-0",
                "56:0-3",
                "57:0-1",
                "58:0-0",
                "60:0-1",
                "61:0-0",
                "65:0-0",
                "66:0-1",
                "67:0-0",
                "68:0-0",
                "69:0-0",
            ],
            "version_at_least": "3.9",
        },
    ),
    Recording(
        "a broker that refuses the version",
        "Kafka protocol guide, error 35",
        turns=(
            client(b"\x00\x00\x00\x10\x00\x12\x00\x00bann\x00\x06banner"),
            server(b"\x00\x00\x00\nbann\x00#\x00\x00\x00\x00"),
        ),
        service=Service("kafka"),
        details={"error": "unsupported version"},
    ),
)

"""Name servers over TCP."""

from banner.models import Service

from ..conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "BIND 9.18, Debian 12",
        "recorded",
        turns=(
            client(
                b"\x00\x1e\x00\x1c\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x07version\x04bind\x00\x00\x10\x00\x03"
            ),
            server(
                b"\x00Q\x00\x1c\x84\x00\x00\x01\x00\x01\x00\x01\x00\x00\x07version\x04bind\x00"
                b"\x00\x10\x00\x03\xc0\x0c\x00\x10\x00\x03\x00\x00\x00\x00\x00\x19\x189.18.49-1~d"
                b"eb12u3-Debian\xc0\x0c\x00\x02\x00\x03\x00\x00\x00\x00\x00\x02\xc0\x0c"
            ),
        ),
        service=Service("dns"),
        details={"rcode": "NOERROR", "version_bind": "9.18.49-1~deb12u3-Debian"},
    ),
    Recording(
        "BIND 9.18, id.server in full mode",
        "recorded",
        turns=(
            client(
                b"\x00\x1e\x00\x1c\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x07version\x04bind\x00\x00\x10\x00\x03"
            ),
            server(
                b"\x00Q\x00\x1c\x84\x00\x00\x01\x00\x01\x00\x01\x00\x00\x07version\x04bind\x00"
                b"\x00\x10\x00\x03\xc0\x0c\x00\x10\x00\x03\x00\x00\x00\x00\x00\x19\x189.18.49-1~d"
                b"eb12u3-Debian\xc0\x0c\x00\x02\x00\x03\x00\x00\x00\x00\x00\x02\xc0\x0c"
            ),
            client(
                b"\x00\x1b\x00\x1d\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x02id\x06server\x00\x00\x10\x00\x03"
            ),
            server(
                b"\x00A\x00\x1d\x84\x00\x00\x01\x00\x01\x00\x01\x00\x00\x02id\x06server"
                b"\x00\x00\x10\x00\x03\xc0\x0c\x00\x10\x00\x03\x00\x00\x00\x00\x00\x0c\x0bns1.ex"
                b"ample\xc0\x0c\x00\x02\x00\x03\x00\x00\x00\x00\x00\x02\xc0\x0c"
            ),
        ),
        service=Service("dns"),
        details={"rcode": "NOERROR", "version_bind": "9.18.49-1~deb12u3-Debian", "id_server": "ns1.example"},
        deep=True,
    ),
    Recording(
        "dnsmasq 2.90",
        "recorded",
        turns=(
            client(
                b"\x00\x1e\x00\x1c\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x07version\x04bind\x00\x00\x10\x00\x03"
            ),
            server(
                b"\x007\x00\x1c\x84\x80\x00\x01\x00\x01\x00\x00\x00\x00\x07version\x04b"
                b"ind\x00\x00\x10\x00\x03\xc0\x0c\x00\x10\x00\x03\x00\x00\x00\x00\x00\r\x0cdns"
                b"masq-2.90"
            ),
        ),
        service=Service("dns"),
        details={"rcode": "NOERROR", "version_bind": "dnsmasq-2.90"},
    ),
)

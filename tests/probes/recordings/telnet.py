"""Conversations of telnet."""

from banner.models import Service

from ..conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "inetutils telnetd 2.4, Debian 12",
        "recorded",
        turns=(
            server(b"\xff\xfb%\xff\xfb&\xff\xfd\x18\xff\xfd \xff\xfd#\xff\xfd'\xff\xfd$"),
            client(b"\xff\xfe%\xff\xfe&\xff\xfc\x18\xff\xfc \xff\xfc#\xff\xfc'\xff\xfc$"),
            server(b'\xff\xfb\x03\xff\xfd\x01\xff\xfd"\xff\xfd\x1f\xff\xfb\x05\xff\xfd!'),
            client(b'\xff\xfe\x03\xff\xfc\x01\xff\xfc"\xff\xfc\x1f\xff\xfe\x05\xff\xfc!'),
            server(b"\xff\xfb\x01\xff\xfd\x06\xff\xfd\x00"),
            client(b"\xff\xfe\x01\xff\xfc\x06\xff\xfc\x00"),
            server(
                b"\r\nLinux 6.1.0-40-amd64 (localhost) (pts/0)\r\n\r\n\xff\xfb\x03\xff\xfb\x01host login: "
            ),
        ),
        service=Service(name="telnet"),
        details={
            "options": [
                "will authentication",
                "will encrypt",
                "do terminal-type",
                "do terminal-speed",
                "do x-display-location",
                "do new-environ",
                "do environ",
                "will suppress-go-ahead",
                "do echo",
                "do linemode",
                "do window-size",
                "will status",
                "do remote-flow-control",
                "will echo",
                "do timing-mark",
                "do binary",
            ],
            "text": "Linux 6.1.0-40-amd64 (localhost) (pts/0)\r\n\r\nhost login:",
        },
    ),
)

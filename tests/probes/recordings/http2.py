"""Servers of HTTP/2."""

from banner.models import End, Service

from ..conversation import Recording, client, server

HELLO = (
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
    b"\x00\x00*\x04\x00\x00\x00\x00\x00\x00\x01\x00\x00\x10\x00\x00\x02\x00\x00\x00\x01\x00\x04\x00\x00\xff\xff"
    b"\x00\x05\x00\x00@\x00\x00\x08\x00\x00\x00\x00\x00\x03\x00\x00\x00d\x00\x06\x00\x01\x00\x00"
)
AGENT = (
    b"\x84z\xb1\x8cuT[\x18\x02\xe1\\\n\x7fCG\xaa\x88c\xa9\x18\xea\xa8\xb6)5\x83\x8e2\xd9\xf6\xa5\x06BKR\x14\x94"
    b"\xd6!?JT^\xe5\xb1J\x0f2\x145_\xdf"
)
ACK = b"\x00\x00\x00\x04\x01\x00\x00\x00\x00"
GOAWAY = b"\x00\x00\x08\x07\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"

RECORDINGS = (
    Recording(
        "nginx 1.22.1, Debian 12, asked by name",
        "recorded",
        also=("http",),
        turns=(
            client(
                HELLO
                + b"\x00\x00E\x01\x05\x00\x00\x00\x01\x82\x86A\x8d\x9c\xe8J\xe5\xf2:k\xa0\xb7\x02\xf0\x1e\x07"
                + AGENT
            ),
            server(
                b"\x00\x00\x12\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x80\x00\x04\x00\x01\x00\x00\x00\x05\x00"
                b"\xff\xff\xff"
            ),
            client(ACK),
            server(
                b"\x00\x00\x04\x08\x00\x00\x00\x00\x00\x7f\xff\x00\x00\x00\x00\x00\x04\x01\x00\x00\x00\x00\x00\x003"
                b"\x01\x04\x00\x00\x00\x01 \x8dv\x89\xaacU\xe5\x80\xae!.\x1fa\x96\xc3a\xbe\x94\x13\xaai?u\x04\x018"
                b"\xa0\x1e\xb8\x00\xdci\xe51h\xdf_\x87I|\xa5\x89\xd3M\x1f\\\x03153\x00\x00\x99\x00\x01\x00\x00\x00\x01"
                b"<html>\r\n<head><title>404 Not Found</title></head>\r\n<body>\r\n"
                b"<center><h1>404 Not Found</h1></center>\r\n<hr><center>nginx/1.22.1</center>\r\n</body>\r\n</html>\r\n"
            ),
            client(GOAWAY),
        ),
        service=Service("http"),
        details={
            "http2": {
                "max_concurrent_streams": 128,
                "initial_window_size": 65536,
                "max_frame_size": 16777215,
            },
            "http_version": "2",
            "status": 404,
            "server": "nginx/1.22.1",
            "content_type": "text/html",
            "content_length": 153,
            "title": "404 Not Found",
        },
        port=18080,
    ),
    Recording(
        "A SETTINGS frame of two settings inside TLS, and silence",
        "RFC 9113, section 6.5",
        also=("http",),
        turns=(
            client(
                HELLO + b"\x00\x00A\x01\x05\x00\x00\x00\x01\x82\x87A\x89\x9c\xe8J\xe5\xf2:k\xa0\xbf" + AGENT
            ),
            server(bytes.fromhex("00000c040000000000000300000064000400010000")),
            client(ACK),
        ),
        service=Service("http", info="HTTP/2"),
        details={"http2": {"max_concurrent_streams": 100, "initial_window_size": 65536}},
        tls=True,
        end=End.DEADLINE,
    ),
)

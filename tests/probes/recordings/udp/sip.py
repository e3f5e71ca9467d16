"""sip over UDP."""

from banner.models import Service

from ...conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "Kamailio 5.6.3, Debian 12",
        "recorded",
        turns=(
            client(
                b"OPTIONS sip:host.example:5060 SIP/2.0\r\n"
                b"Via: SIP/2.0/UDP banner.invalid;branch=z9hG4bK62616e6e65722061;rport\r\n"
                b"From: <sip:banner@banner.invalid>;tag=62616e6e65722061\r\n"
                b"To: <sip:host.example:5060>\r\n"
                b"Call-ID: 62616e6e65722061@banner.invalid\r\n"
                b"CSeq: 1 OPTIONS\r\n"
                b"Max-Forwards: 70\r\n"
                b"User-Agent: banner/0.1.0 (asyncio banner grabber; listens first, never logs in)\r\n"
                b"Accept: application/sdp\r\n"
                b"Content-Length: 0\r\n"
                b"\r\n"
            ),
            server(
                b"SIP/2.0 200 OK\r\n"
                b"Via: SIP/2.0/UDP banner.invalid;branch=z9hG4bK62616e6e65722061;rport=36911;received=127.0.0.1\r\n"
                b"From: <sip:banner@banner.invalid>;tag=62616e6e65722061\r\n"
                b"To: <sip:host.example:5060>;tag=60bcb9a4fe1d04514cfa27c22c71d9f3.73320000\r\n"
                b"Call-ID: 62616e6e65722061@banner.invalid\r\n"
                b"CSeq: 1 OPTIONS\r\n"
                b"Server: kamailio (5.6.3 (x86_64/linux))\r\n"
                b"Content-Length: 0\r\n"
                b"\r\n"
            ),
        ),
        service=Service(name="sip"),
        details={"status": 200, "server": "kamailio (5.6.3 (x86_64/linux))"},
    ),
)

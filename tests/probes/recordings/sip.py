"""SIP servers."""

from banner.models import Service

from ..conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "Kamailio 5.6.3, Debian 12",
        "recorded",
        turns=(
            client(
                b"OPTIONS sip:host.example:5060 SIP/2.0\r\n"
                b"Via: SIP/2.0/TCP banner.invalid;branch=z9hG4bKbanner;rport\r\n"
                b"From: <sip:banner@banner.invalid>;tag=banner\r\n"
                b"To: <sip:host.example:5060>\r\n"
                b"Call-ID: banner@banner.invalid\r\n"
                b"CSeq: 1 OPTIONS\r\n"
                b"Max-Forwards: 70\r\n"
                b"User-Agent: banner/0.1.0 (asyncio banner grabber; listens first, never logs in)\r\n"
                b"Accept: application/sdp\r\n"
                b"Content-Length: 0\r\n"
                b"\r\n"
            ),
            server(
                b"SIP/2.0 200 OK\r\n"
                b"Via: SIP/2.0/TCP banner.invalid;branch=z9hG4bKbanner;rport=37964;received=127.0.0.1\r\n"
                b"From: <sip:banner@banner.invalid>;tag=banner\r\n"
                b"To: <sip:host.example:5060>;tag=a45363010201c12697c26728a1ea42a4.73320000\r\n"
                b"Call-ID: banner@banner.invalid\r\n"
                b"CSeq: 1 OPTIONS\r\n"
                b"Server: kamailio (5.6.3 (x86_64/linux))\r\n"
                b"Content-Length: 0\r\n"
                b"\r\n"
            ),
        ),
        service=Service("sip"),
        details={"status": 200, "server": "kamailio (5.6.3 (x86_64/linux))"},
    ),
)

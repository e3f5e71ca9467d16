"""Conversations of nntp."""

from banner.models import Service

from ..conversation import TLS, Recording, client, server

CAPABILITIES = (
    b"101 Capability list:\r\n"
    b"VERSION 2\r\n"
    b"IMPLEMENTATION INN 2.7.0\r\n"
    b"AUTHINFO\r\n"
    b"COMPRESS DEFLATE\r\n"
    b"HDR\r\n"
    b"LIST ACTIVE NEWSGROUPS OVERVIEW.FMT\r\n"
    b"OVER\r\n"
    b"POST\r\n"
    b"READER\r\n"
)
DETAILS = [line.decode() for line in CAPABILITIES.splitlines()[1:]]

RECORDINGS = (
    Recording(
        "STARTTLS",
        "RFC 4642, section 2.2.3, with the capabilities of RFC 3977, section 5.2.3",
        turns=(
            server(b"200 news.example.com InterNetNews NNRP server INN 2.7.0 ready (posting ok)\r\n"),
            client(b"CAPABILITIES\r\n"),
            server(CAPABILITIES + b"STARTTLS\r\n.\r\n"),
            client(b"STARTTLS\r\n"),
            server(b"382 Continue with TLS negotiation\r\n"),
            TLS,
            client(b"QUIT\r\n"),
        ),
        service=Service("nntp"),
        details={"capabilities": [*DETAILS, "STARTTLS"], "implementation": "INN 2.7.0"},
    ),
    Recording(
        "STARTTLS, full",
        "RFC 4642, section 2.2.3, with the capabilities of RFC 3977, section 5.2.3",
        turns=(
            server(b"201 server ready, posting prohibited\r\n"),
            client(b"CAPABILITIES\r\n"),
            server(CAPABILITIES + b"STARTTLS\r\n.\r\n"),
            client(b"STARTTLS\r\n"),
            server(b"382 Continue with TLS negotiation\r\n"),
            TLS,
            client(b"CAPABILITIES\r\n"),
            server(CAPABILITIES + b".\r\n"),
            client(b"QUIT\r\n"),
        ),
        service=Service("nntp"),
        details={
            "capabilities": [*DETAILS, "STARTTLS"],
            "implementation": "INN 2.7.0",
            "capabilities_in_tls": DETAILS,
        },
        deep=True,
    ),
    Recording(
        "a server from before CAPABILITIES",
        "RFC 977, section 4",
        turns=(
            server(b"200 wombatvax news server ready - posting ok\r\n"),
            client(b"CAPABILITIES\r\n"),
            server(b"500 command not recognized\r\n"),
            client(b"QUIT\r\n"),
        ),
        service=Service("nntp"),
    ),
    Recording(
        "refused",
        "RFC 3977, section 5.1.3",
        turns=(server(b"502 You have no permission to talk. Goodbye.\r\n"),),
        service=Service("nntp"),
    ),
)

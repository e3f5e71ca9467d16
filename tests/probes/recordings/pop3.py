"""Conversations of pop3."""

from banner.models import Service

from ..conversation import TLS, Recording, client, server

RECORDINGS = (
    Recording(
        "Dovecot 2.3.19, Debian 12, STLS",
        "recorded",
        turns=(
            server(b"+OK Dovecot (Debian) ready.\r\n"),
            client(b"CAPA\r\n"),
            server(
                b"+OK\r\n"
                b"CAPA\r\n"
                b"TOP\r\n"
                b"UIDL\r\n"
                b"RESP-CODES\r\n"
                b"PIPELINING\r\n"
                b"AUTH-RESP-CODE\r\n"
                b"STLS\r\n"
                b"USER\r\n"
                b"SASL PLAIN\r\n"
                b".\r\n"
            ),
            client(b"STLS\r\n"),
            server(b"+OK Begin TLS negotiation now.\r\n"),
            TLS,
            client(b"QUIT\r\n"),
        ),
        service=Service(name="pop3"),
        details={
            "capabilities": [
                "CAPA",
                "TOP",
                "UIDL",
                "RESP-CODES",
                "PIPELINING",
                "AUTH-RESP-CODE",
                "STLS",
                "USER",
                "SASL PLAIN",
            ]
        },
    ),
    Recording(
        "Dovecot 2.3.19, Debian 12, inside TLS",
        "recorded",
        turns=(
            server(b"+OK Dovecot (Debian) ready.\r\n"),
            client(b"CAPA\r\n"),
            server(
                b"+OK\r\n"
                b"CAPA\r\n"
                b"TOP\r\n"
                b"UIDL\r\n"
                b"RESP-CODES\r\n"
                b"PIPELINING\r\n"
                b"AUTH-RESP-CODE\r\n"
                b"USER\r\n"
                b"SASL PLAIN\r\n"
                b".\r\n"
            ),
            client(b"QUIT\r\n"),
        ),
        service=Service(name="pop3"),
        details={
            "capabilities": [
                "CAPA",
                "TOP",
                "UIDL",
                "RESP-CODES",
                "PIPELINING",
                "AUTH-RESP-CODE",
                "USER",
                "SASL PLAIN",
            ]
        },
        tls=True,
    ),
    Recording(
        "Dovecot 2.3.19, Debian 12, full",
        "recorded",
        turns=(
            server(b"+OK Dovecot (Debian) ready.\r\n"),
            client(b"CAPA\r\n"),
            server(
                b"+OK\r\n"
                b"CAPA\r\n"
                b"TOP\r\n"
                b"UIDL\r\n"
                b"RESP-CODES\r\n"
                b"PIPELINING\r\n"
                b"AUTH-RESP-CODE\r\n"
                b"STLS\r\n"
                b"USER\r\n"
                b"SASL PLAIN\r\n"
                b".\r\n"
            ),
            client(b"STLS\r\n"),
            server(b"+OK Begin TLS negotiation now.\r\n"),
            TLS,
            client(b"CAPA\r\n"),
            server(
                b"+OK\r\n"
                b"CAPA\r\n"
                b"TOP\r\n"
                b"UIDL\r\n"
                b"RESP-CODES\r\n"
                b"PIPELINING\r\n"
                b"AUTH-RESP-CODE\r\n"
                b"USER\r\n"
                b"SASL PLAIN\r\n"
                b".\r\n"
            ),
            client(b"QUIT\r\n"),
        ),
        service=Service(name="pop3"),
        details={
            "capabilities": [
                "CAPA",
                "TOP",
                "UIDL",
                "RESP-CODES",
                "PIPELINING",
                "AUTH-RESP-CODE",
                "STLS",
                "USER",
                "SASL PLAIN",
            ],
            "capabilities_in_tls": [
                "CAPA",
                "TOP",
                "UIDL",
                "RESP-CODES",
                "PIPELINING",
                "AUTH-RESP-CODE",
                "USER",
                "SASL PLAIN",
            ],
        },
        deep=True,
    ),
)

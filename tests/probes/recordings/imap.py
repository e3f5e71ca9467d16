"""Conversations of imap."""

from banner.models import Service

from ..conversation import TLS, Recording, client, server

RECORDINGS = (
    Recording(
        "Dovecot 2.3.19, Debian 12, STARTTLS",
        "recorded",
        turns=(
            server(
                b"* OK [CAPABILITY IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE LITERAL+ STARTTLS AUTH=PLAIN] Dovecot (Debian) ready.\r\n"
            ),
            client(b"a2 ID NIL\r\n"),
            server(b'* ID ("name" "Dovecot")\r\na2 OK ID completed.\r\n'),
            client(b"a3 STARTTLS\r\n"),
            server(b"a3 OK Begin TLS negotiation now.\r\n"),
            TLS,
            client(b"a5 LOGOUT\r\n"),
        ),
        service=Service(
            name="imap",
            vendor="Dovecot",
            product="Dovecot",
            cpe=("cpe:2.3:a:dovecot:dovecot:*:*:*:*:*:*:*:*",),
        ),
        details={
            "capabilities": [
                "IMAP4REV1",
                "SASL-IR",
                "LOGIN-REFERRALS",
                "ID",
                "ENABLE",
                "IDLE",
                "LITERAL+",
                "STARTTLS",
                "AUTH=PLAIN",
            ],
            "id": ["name=Dovecot"],
        },
    ),
    Recording(
        "Dovecot 2.3.19, Debian 12, inside TLS",
        "recorded",
        turns=(
            server(
                b"* OK [CAPABILITY IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE LITERAL+ AUTH=PLAIN] Dovecot (Debian) ready.\r\n"
            ),
            client(b"a2 ID NIL\r\n"),
            server(b'* ID ("name" "Dovecot")\r\na2 OK ID completed.\r\n'),
            client(b"a5 LOGOUT\r\n"),
        ),
        service=Service(
            name="imap",
            vendor="Dovecot",
            product="Dovecot",
            cpe=("cpe:2.3:a:dovecot:dovecot:*:*:*:*:*:*:*:*",),
        ),
        details={
            "capabilities": [
                "IMAP4REV1",
                "SASL-IR",
                "LOGIN-REFERRALS",
                "ID",
                "ENABLE",
                "IDLE",
                "LITERAL+",
                "AUTH=PLAIN",
            ],
            "id": ["name=Dovecot"],
        },
        tls=True,
    ),
    Recording(
        "Dovecot 2.3.19, Debian 12, full",
        "recorded",
        turns=(
            server(
                b"* OK [CAPABILITY IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE LITERAL+ STARTTLS AUTH=PLAIN] Dovecot (Debian) ready.\r\n"
            ),
            client(b"a2 ID NIL\r\n"),
            server(b'* ID ("name" "Dovecot")\r\na2 OK ID completed.\r\n'),
            client(b"a3 STARTTLS\r\n"),
            server(b"a3 OK Begin TLS negotiation now.\r\n"),
            TLS,
            client(b"a4 CAPABILITY\r\n"),
            server(
                b"* CAPABILITY IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE LITERAL+ AUTH=PLAIN\r\n"
                b"a4 OK Pre-login capabilities listed, post-login capabilities have more.\r\n"
            ),
            client(b"a5 LOGOUT\r\n"),
        ),
        service=Service(
            name="imap",
            vendor="Dovecot",
            product="Dovecot",
            cpe=("cpe:2.3:a:dovecot:dovecot:*:*:*:*:*:*:*:*",),
        ),
        details={
            "capabilities": [
                "IMAP4REV1",
                "SASL-IR",
                "LOGIN-REFERRALS",
                "ID",
                "ENABLE",
                "IDLE",
                "LITERAL+",
                "STARTTLS",
                "AUTH=PLAIN",
            ],
            "id": ["name=Dovecot"],
            "capabilities_in_tls": [
                "IMAP4REV1",
                "SASL-IR",
                "LOGIN-REFERRALS",
                "ID",
                "ENABLE",
                "IDLE",
                "LITERAL+",
                "AUTH=PLAIN",
            ],
        },
        deep=True,
    ),
)

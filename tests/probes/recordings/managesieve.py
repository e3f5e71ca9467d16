"""Conversations of managesieve."""

from banner.models import Service

from ..conversation import TLS, Recording, client, server

RECORDINGS = (
    Recording(
        "Dovecot 2.3.19, Debian 12",
        "recorded",
        turns=(
            server(
                b'"IMPLEMENTATION" "Dovecot (Debian) Pigeonhole"\r\n'
                b'"SIEVE" "fileinto reject envelope encoded-character vacation subaddress comparator-i;ascii-numeric relational regex imap4flags copy include variables body enotify environment mailbox date index ihave duplicate mime foreverypart extracttext"\r\n'
                b'"NOTIFY" "mailto"\r\n'
                b'"SASL" "PLAIN"\r\n'
                b'"STARTTLS"\r\n'
                b'"VERSION" "1.0"\r\n'
                b'OK "Dovecot (Debian) ready."\r\n'
            ),
            client(b"STARTTLS\r\n"),
            server(b'OK "Begin TLS negotiation now."\r\n'),
            TLS,
            client(b"LOGOUT\r\n"),
        ),
        service=Service(name="managesieve"),
        details={
            "capabilities": [
                "IMPLEMENTATION Dovecot (Debian) Pigeonhole",
                "SIEVE fileinto reject envelope encoded-character vacation subaddress comparator-i;ascii-numeric relational regex imap4flags copy include variables body enotify environment mailbox date index ihave duplicate mime foreverypart extracttext",
                "NOTIFY mailto",
                "SASL PLAIN",
                "STARTTLS",
                "VERSION 1.0",
            ],
            "implementation": "Dovecot (Debian) Pigeonhole",
            "extensions": [
                "fileinto",
                "reject",
                "envelope",
                "encoded-character",
                "vacation",
                "subaddress",
                "comparator-i;ascii-numeric",
                "relational",
                "regex",
                "imap4flags",
                "copy",
                "include",
                "variables",
                "body",
                "enotify",
                "environment",
                "mailbox",
                "date",
                "index",
                "ihave",
                "duplicate",
                "mime",
                "foreverypart",
                "extracttext",
            ],
            "sasl": ["PLAIN"],
        },
    ),
    Recording(
        "Dovecot 2.3.19, Debian 12, full",
        "recorded",
        turns=(
            server(
                b'"IMPLEMENTATION" "Dovecot (Debian) Pigeonhole"\r\n'
                b'"SIEVE" "fileinto reject envelope encoded-character vacation subaddress comparator-i;ascii-numeric relational regex imap4flags copy include variables body enotify environment mailbox date index ihave duplicate mime foreverypart extracttext"\r\n'
                b'"NOTIFY" "mailto"\r\n'
                b'"SASL" "PLAIN"\r\n'
                b'"STARTTLS"\r\n'
                b'"VERSION" "1.0"\r\n'
                b'OK "Dovecot (Debian) ready."\r\n'
            ),
            client(b"STARTTLS\r\n"),
            server(b'OK "Begin TLS negotiation now."\r\n'),
            TLS,
            server(
                b'"IMPLEMENTATION" "Dovecot (Debian) Pigeonhole"\r\n'
                b'"SIEVE" "fileinto reject envelope encoded-character vacation subaddress comparator-i;ascii-numeric relational regex imap4flags copy include variables body enotify environment mailbox date index ihave duplicate mime foreverypart extracttext"\r\n'
                b'"NOTIFY" "mailto"\r\n'
                b'"SASL" "PLAIN"\r\n'
                b'"VERSION" "1.0"\r\n'
                b'OK "TLS negotiation successful."\r\n'
            ),
            client(b"LOGOUT\r\n"),
        ),
        service=Service(name="managesieve"),
        details={
            "capabilities": [
                "IMPLEMENTATION Dovecot (Debian) Pigeonhole",
                "SIEVE fileinto reject envelope encoded-character vacation subaddress comparator-i;ascii-numeric relational regex imap4flags copy include variables body enotify environment mailbox date index ihave duplicate mime foreverypart extracttext",
                "NOTIFY mailto",
                "SASL PLAIN",
                "STARTTLS",
                "VERSION 1.0",
            ],
            "implementation": "Dovecot (Debian) Pigeonhole",
            "extensions": [
                "fileinto",
                "reject",
                "envelope",
                "encoded-character",
                "vacation",
                "subaddress",
                "comparator-i;ascii-numeric",
                "relational",
                "regex",
                "imap4flags",
                "copy",
                "include",
                "variables",
                "body",
                "enotify",
                "environment",
                "mailbox",
                "date",
                "index",
                "ihave",
                "duplicate",
                "mime",
                "foreverypart",
                "extracttext",
            ],
            "sasl": ["PLAIN"],
            "sasl_in_tls": ["PLAIN"],
        },
        deep=True,
    ),
)

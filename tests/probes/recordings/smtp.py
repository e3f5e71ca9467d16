"""Conversations of smtp."""

from banner.models import Service

from ..conversation import TLS, Recording, client, server

RECORDINGS = (
    Recording(
        "Exim 4.96, Debian 12",
        "recorded",
        turns=(
            server(b"220 mail.example ESMTP Exim 4.96 Sun, 22 Nov 2026 18:11:20 +0000\r\n"),
            client(b"EHLO banner.invalid\r\n"),
            server(
                b"250-mail.example Hello banner.invalid [127.0.0.1]\r\n"
                b"250-SIZE 52428800\r\n"
                b"250-8BITMIME\r\n"
                b"250-PIPELINING\r\n"
                b"250-PIPECONNECT\r\n"
                b"250-CHUNKING\r\n"
                b"250-STARTTLS\r\n"
                b"250-SMTPUTF8\r\n"
                b"250 HELP\r\n"
            ),
            client(b"STARTTLS\r\n"),
            server(b"220 TLS go ahead\r\n"),
            TLS,
            client(b"QUIT\r\n"),
        ),
        service=Service(name="smtp"),
        details={
            "hostname": "mail.example",
            "extensions": [
                "SIZE 52428800",
                "8BITMIME",
                "PIPELINING",
                "PIPECONNECT",
                "CHUNKING",
                "STARTTLS",
                "SMTPUTF8",
                "HELP",
            ],
        },
    ),
    Recording(
        "Exim 4.96, Debian 12, full",
        "recorded",
        turns=(
            server(b"220 mail.example ESMTP Exim 4.96 Sun, 22 Nov 2026 18:11:20 +0000\r\n"),
            client(b"EHLO banner.invalid\r\n"),
            server(
                b"250-mail.example Hello banner.invalid [127.0.0.1]\r\n"
                b"250-SIZE 52428800\r\n"
                b"250-8BITMIME\r\n"
                b"250-PIPELINING\r\n"
                b"250-PIPECONNECT\r\n"
                b"250-CHUNKING\r\n"
                b"250-STARTTLS\r\n"
                b"250-SMTPUTF8\r\n"
                b"250 HELP\r\n"
            ),
            client(b"STARTTLS\r\n"),
            server(b"220 TLS go ahead\r\n"),
            TLS,
            client(b"EHLO banner.invalid\r\n"),
            server(
                b"250-mail.example Hello banner.invalid [127.0.0.1]\r\n"
                b"250-SIZE 52428800\r\n"
                b"250-8BITMIME\r\n"
                b"250-PIPELINING\r\n"
                b"250-PIPECONNECT\r\n"
                b"250-CHUNKING\r\n"
                b"250-SMTPUTF8\r\n"
                b"250 HELP\r\n"
            ),
            client(b"QUIT\r\n"),
        ),
        service=Service(name="smtp"),
        details={
            "hostname": "mail.example",
            "extensions": [
                "SIZE 52428800",
                "8BITMIME",
                "PIPELINING",
                "PIPECONNECT",
                "CHUNKING",
                "STARTTLS",
                "SMTPUTF8",
                "HELP",
            ],
            "extensions_in_tls": [
                "SIZE 52428800",
                "8BITMIME",
                "PIPELINING",
                "PIPECONNECT",
                "CHUNKING",
                "SMTPUTF8",
                "HELP",
            ],
        },
        deep=True,
    ),
    Recording(
        "Exchange, NTLM inside TLS",
        "[MS-SMTPNTLM], section 4.1, with the challenge of [MS-NLMP], section 4.2.4.3",
        turns=(
            server(b"220 mail.example Microsoft ESMTP MAIL Service ready\r\n"),
            client(b"EHLO banner.invalid\r\n"),
            server(b"250-mail.example Hello [192.0.2.1]\r\n250-SIZE 37748736\r\n250 STARTTLS\r\n"),
            client(b"STARTTLS\r\n"),
            server(b"220 2.0.0 SMTP server ready\r\n"),
            TLS,
            client(b"EHLO banner.invalid\r\n"),
            server(b"250-mail.example Hello [192.0.2.1]\r\n250-AUTH NTLM LOGIN\r\n250 CHUNKING\r\n"),
            client(b"AUTH NTLM\r\n"),
            server(b"334 ntlm supported\r\n"),
            client(b"TlRMTVNTUAABAAAABYIIogAAAAAAAAAAAAAAAAAAAAAAAAAAAAAADw==\r\n"),
            server(
                b"334 TlRMTVNTUAACAAAADAAMADgAAAAzgoriASNFZ4mrze8AAAAAAAAAACQAJABEAAAABgBwFwAAAA9TAGUAcgB2AGUAcgACAAwARABvAG0AYQBpAG4AAQAMAFMAZQByAHYAZQByAAAAAAA=\r\n"
            ),
            client(b"*\r\n"),
            server(b"501 5.5.4 Authentication cancelled\r\n"),
            client(b"QUIT\r\n"),
        ),
        service=Service(name="smtp"),
        details={
            "hostname": "mail.example",
            "extensions": ["SIZE 37748736", "STARTTLS"],
            "extensions_in_tls": ["AUTH NTLM LOGIN", "CHUNKING"],
            "ntlm_domain": "Domain",
            "ntlm_hostname": "Server",
            "ntlm_build": "6.0.6000",
        },
        deep=True,
    ),
)

"""Passwords that go over the wire as they are: what a dialogue was offered outside TLS, and no way into it."""

from __future__ import annotations

import re
from typing import Final

from ..models import Grab
from .evidence import Evidence, is_service, listed

_AUTH_TLS: Final = re.compile(r"\s*AUTH\b.*\b(?:TLS|SSL)", re.IGNORECASE)
_PASSWORDS: Final = {"PLAIN", "LOGIN"}
"""SASL mechanisms that send the password itself (RFC 4616, and the draft of LOGIN)."""


def _telnet(grab: Grab) -> str | None:
    return "telnet outside TLS" if is_service(grab, "telnet") and grab.tls is None else None


def _ftp(grab: Grab) -> str | None:
    features = listed(grab, "features")
    # Where FEAT was not asked nothing is known of TLS; where it was refused, SYST was asked after it.
    if not is_service(grab, "ftp") or grab.tls is not None or not (features or "system" in grab.details):
        return None
    return (
        None if any(map(_AUTH_TLS.match, features)) else "FEAT lists no AUTH TLS" if features else "no FEAT"
    )


def _mail(service: str, field: str, starttls: str, command: str) -> Evidence:
    """A mail service that takes passwords outside TLS, and offers none (RFC 8314, section 4.1)."""

    def evidence(grab: Grab) -> str | None:
        told = [line.upper() for line in listed(grab, field)]
        if not is_service(grab, service) or grab.tls is not None or not told or starttls in told:
            return None
        offers = [line for line in told if _takes_passwords(line, service)]
        if service == "imap" and "LOGINDISABLED" not in told:  # LOGIN needs no capability (RFC 3501, 6.2.3)
            offers = offers or ["LOGIN"]
        return f"{command} offers {', '.join(offers)}, and no {starttls}" if offers else None

    return evidence


def _takes_passwords(line: str, service: str) -> bool:
    words = line.replace("=", " ").split()
    if service == "pop3" and words[:1] == ["USER"]:
        return True
    return words[:1] in (["AUTH"], ["SASL"]) and bool(_PASSWORDS & set(words[1:]))


def _basic(grab: Grab) -> str | None:
    asked = [one for one in listed(grab, "www_authenticate") if one[:5].casefold() == "basic"]
    return f"WWW-Authenticate: {asked[0]}" if asked and grab.tls is None else None


CLEARTEXT: Final[tuple[tuple[str, str, Evidence], ...]] = (
    ("cleartext-telnet", "Telnet in clear text", _telnet),
    ("cleartext-ftp", "FTP without TLS", _ftp),
    ("cleartext-pop3", "POP3 password without TLS", _mail("pop3", "capabilities", "STLS", "CAPA")),
    ("cleartext-imap", "IMAP password without TLS", _mail("imap", "capabilities", "STARTTLS", "CAPABILITY")),
    ("cleartext-smtp", "SMTP password without TLS", _mail("smtp", "extensions", "STARTTLS", "EHLO")),
    ("cleartext-http", "HTTP password without TLS", _basic),
)

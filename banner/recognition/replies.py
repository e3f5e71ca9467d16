"""Greetings that begin with a three-digit code: FTP, SMTP and NNTP, told apart by words, then by port.

RFC 959 (4.2), RFC 5321 (4.2, 4.3.2) and RFC 3977 (3.2) share the form; 220 opens both FTP and SMTP.
"""

from __future__ import annotations

import re

from ..text.patterns import lazily
from .fields import BY_STRUCTURE, BY_WORDS, Reading

_HOST = lazily(r"\w\.\w")
_SMTP = lazily(r"e?smtp\b|esmtp|\bL?MTP\b|postfix|sendmail|exim\b|qmail", re.IGNORECASE)
_SMTP_WORDS = ("mtp", "postfix", "sendmail", "exim", "qmail")
_SMTP_ALONE = ("esmtp", "postfix", "sendmail", "qmail")
"""Those that are enough, whatever letters stand beside them."""
_FTP = lazily(r"ftp|filezilla|serv-u", re.IGNORECASE)
_FTP_WORDS = ("ftp", "filezilla", "serv-u")
_NNTP = lazily(r"nntp|nnrp|\bnews\b|posting|\binn\b|innd", re.IGNORECASE)
_MAIL = lazily(r"mail|\bmta\b|spam|unsolicited|\bUCE\b|5\.\d\.\d", re.IGNORECASE)
_MAIL_WORDS = ("mail", "mta", "spam", "unsolicited", "uce", "5.")
_NOT_READY = lazily(r"\A(?:120[ -][^\n]*\n)+(?=\d{3}[ -])")
"""FTP's preliminary reply, before the one that it announces (RFC 959, section 5.4)."""
_SMTP_PORTS = frozenset((25, 26, 465, 587, 588, 2525, 10025, 10026))
_FTP_PORTS = frozenset((20, 21, 990, 2121, 8021))
_NNTP_PORTS = frozenset((119, 433, 563, 1119))
_SMTP_CODES = frozenset(
    ["421", "450", "451", "452", "454", "500", "501", "502", "503", "521", "530", "550", "554"]
)
_FTP_CODES = frozenset(
    ["120", "220", "230", "331", "421", "425", "426", "430", "434", "500", "501", "502", "503", "530", "550"]
)
_NNTP_CODES = frozenset(["200", "201", "400", "480", "500", "502"])


def replies(text: str, port: int | None, protocol: str | None) -> list[Reading]:
    """The ways to read `text`, which begins with a code; the likeliest first."""
    if text.startswith("120"):
        text = _NOT_READY.sub("", text)
    code = text[:3]
    body = _body(text)
    if protocol is not None:
        return [Reading(protocol, [(f"{protocol}.banner", body)])]
    told = _by_words(code, body)
    if told == "lmtp":
        return [Reading("lmtp", [("smtp.banner", body)], BY_STRUCTURE if code == "220" else BY_WORDS)]
    if told is not None:
        return [Reading(told, [(f"{told}.banner", body)], BY_STRUCTURE if code == "220" else BY_WORDS)]
    guess, confidence = _by_port(code, port)
    if guess is None and _of_mail(body):
        guess, confidence = "smtp", BY_WORDS
    names = dict.fromkeys((guess, *_possible(code)) if guess else _possible(code))
    ways = [Reading(name, [(f"{name}.banner", body)], confidence if name == guess else 0.0) for name in names]
    # Others greet with codes as well: dictd, HylaFAX, poppassd, Varnish's command line, Tor's control port.
    return [*ways, Reading("", [("greeting", text)], 0.0)]


def _body(text: str) -> str:
    """The reply without its codes."""
    body = text.replace("\r\n", "\n").strip("\r\n")
    if "\n" not in body:
        return body[4:].strip("\r\n") if body[3:4] in (" ", "-") else body
    lines = [
        line[4:] if line[3:4] in (" ", "-") and line[:3].isdecimal() else line for line in body.split("\n")
    ]
    return "\n".join(lines).strip("\r\n")


def _by_words(code: str, body: str) -> str | None:
    words = body[:512]
    if "." in words:  # host names say what a machine is called, not what it runs
        words = " ".join([word for word in words.split() if "." not in word or not _HOST.search(word)])
    if code in _NNTP_CODES and _NNTP.search(words):
        return "nntp"
    lower = words.lower()
    of_ftp = _any(_FTP_WORDS, lower)
    if not _any(_SMTP_WORDS, lower):
        return "ftp" if of_ftp else None
    if of_ftp or not _any(_SMTP_ALONE, lower):
        smtp, ftp = _SMTP.search(words), _FTP.search(words) if of_ftp else None
        if smtp is None or (ftp is not None and ftp.start() <= smtp.start()):
            return "ftp" if ftp is not None else None
    # RFC 2033, section 4.1: its greeting is SMTP's, and a server that speaks both says ESMTP.
    return "lmtp" if "lmtp" in lower and "esmtp" not in lower else "smtp"


def _of_mail(body: str) -> bool:
    """Whether `body` speaks of mail. Its letters beyond ASCII may be other cases of those that are looked for."""
    may = not body.isascii() or _any(_MAIL_WORDS, body.lower())
    return may and _MAIL.search(body) is not None


def _any(words: tuple[str, ...], text: str) -> bool:
    """Whether one of `words` stands in `text`: a tenth of the time of a pattern that finds none."""
    for word in words:  # noqa: SIM110 - a generator would take twice as long
        if word in text:
            return True
    return False


def _by_port(code: str, port: int | None) -> tuple[str | None, float]:
    if port in _SMTP_PORTS and (code == "220" or code in _SMTP_CODES):
        return "smtp", BY_WORDS
    if port in _FTP_PORTS and code in _FTP_CODES:
        return "ftp", BY_WORDS
    if port in _NNTP_PORTS and code in _NNTP_CODES:
        return "nntp", BY_WORDS
    return None, 0.0


def _possible(code: str) -> tuple[str, ...]:
    """Whose code this can be in a greeting."""
    possible = []
    if code in _FTP_CODES:
        possible.append("ftp")
    if code == "220" or code in _SMTP_CODES:
        possible.append("smtp")
    if code in _NNTP_CODES:
        possible.append("nntp")
    return tuple(possible)

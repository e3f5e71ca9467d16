"""What two greetings of an unchanged service differ in: times, ids, nonces, counters. Rules, in their order.

A rule replaces what it finds by a word in angle brackets; ``docs/diff.md`` lists them all. They err on one side:
a version must never be taken for an id, so an id needs many hexadecimal digits, or many digits among letters.
Greetings of binary protocols are not compared byte by byte: nonces stand at any place in them (the salt of
MySQL, the challenge of NTLM, the random of a TLS ServerHello), and what they tell is in the identification.
"""

from __future__ import annotations

import re
from typing import Final

_DAY = rb"(?i:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*+"
_MONTH = rb"(?i:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*+"
_CLOCK = rb"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?"
_ZONE = rb"(?:\s?(?:[+-]\d{2}:?\d{2}|Z|[A-Z]{2,5}))?(?:\s?\([A-Z]{2,5}\))?"

RULES: Final = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        # Header fields whose whole value belongs to one answer (RFC 9110, RFC 6265, vendors' request ids).
        (
            rb"(?im)^((?:Date|Expires|Last-Modified|Age|ETag|Content-Length|Retry-After|Server-Timing|NEL|Report-To"
            rb"|CF-RAY|Via|X-Timer|X-Runtime|X-Amz-[\w-]{1,40}|X-[\w-]{0,40}(?:Id|Trace|Nonce|Token|Time))):[^\r\n]*",
            rb"\1: <value>",
        ),
        (rb"(?im)^(Set-Cookie:\s*+[^=;\r\n]{1,256}=)[^;\r\n]*", rb"\1<value>"),
        # Parameters that carry a nonce (RFC 7616, CSP 3) and those of XMPP streams (RFC 6120, section 4.7.3).
        (
            rb"(?i)\b((?:nonce|opaque|csrf[\w-]{0,40}|id|from|tag|branch)=[\"']?)(?:nonce-)?[^\"'\s;,>]{1,256}",
            rb"\1<id>",
        ),
        (rb"'nonce-[^'\r\n]{1,256}'", rb"'nonce-<id>'"),
        # NATS INFO and other JSON: ids of a process and of a connection.
        (
            rb"(\"(?:server_id|server_name|client_id|client_ip|nonce|xkey|uuid|cluster_uuid|name|time|timestamp)\"\s*:\s*)"
            rb"(?:\"[^\"]{0,256}\"|\d{1,20})",
            rb"\1<id>",
        ),
        # APOP's timestamp (RFC 1939, section 7) and other message ids.
        (rb"<(?=[^<>\s@][^<>\s@\d]*+\d)[^<>\s@]{2,256}+@[^<>\s]{1,256}+>", rb"<id@host>"),
        # RFC 5322, RFC 9110 (IMF-fixdate), asctime(3) and date(1).
        (
            _DAY + rb",?\s++\d{1,2}[\s-]" + _MONTH + rb"[\s-]\d{2,4}\s++" + _CLOCK + _ZONE,
            rb"<time>",
        ),
        (
            _DAY
            + rb",?\s++"
            + _MONTH
            + rb"\s++\d{1,2},?\s++(?:\d{4}\s++)?"
            + _CLOCK
            + _ZONE
            + rb"(?:\s++\d{4}\b)?",
            rb"<time>",
        ),
        (rb"\d{1,2}[\s-]" + _MONTH + rb"[\s-]\d{2,4}(?:\s++" + _CLOCK + _ZONE + rb")?", rb"<time>"),
        # RFC 3339 and what looks like it; a bare time of day.
        (rb"\b\d{4}[-/]\d{2}[-/]\d{2}(?:[T ]" + _CLOCK + _ZONE + rb")?", rb"<time>"),
        (rb"\b\d{1,2}:\d{2}:\d{2}\b" + _ZONE + rb"|\b(?<=now )\d{1,2}:\d{2}\b", rb"<time>"),
        # POSIX seconds or milliseconds from 2001 to 2033.
        (rb"(?<![\w.])1\d{9}(?:\d{3})?(?![\w.])", rb"<time>"),
        # UUIDs (RFC 9562); hexadecimal ids of 12 digits with letters among them, or of 16.
        (rb"(?i)\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", rb"<id>"),
        (rb"(?i)(?<![0-9a-z])(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{12,256}(?![0-9a-z])", rb"<id>"),
        (rb"(?i)(?<![0-9a-z])[0-9a-f]{16,256}(?![0-9a-z])", rb"<id>"),
        # Ids of mail and web servers: 14 letters and digits or more, with three changes between the two kinds.
        (
            rb"(?i)(?<![0-9a-z._+])(?=(?:[a-z]*+\d++[a-z]++){3})[0-9a-z]{14,256}+(?![0-9a-z_])(?:\.\d{1,6}\b)?",
            rb"<id>",
        ),
        # Redis' INFO: what belongs to one process, and the length of the whole.
        (
            rb"(?m)^((?:process_id|run_id|server_time_usec|uptime_in_\w{1,20}|lru_clock|connected_clients)):[^\r\n]*",
            rb"\1:<n>",
        ),
        (rb"(?m)^\$\d{1,10}(?=\r?$)", rb"$<n>"),
        # IRC before the registration: what the server finds out about us, as far as it has come by then.
        (
            rb"(?im)^((?::\S{1,256} )?NOTICE (?:\*|AUTH) :)\*\*\*[^\r\n]*"
            rb"(?:\r?\n(?::\S{1,256} )?NOTICE (?:\*|AUTH) :\*\*\*[^\r\n]*)*",
            rb"\1*** <about us>",
        ),
        # Counters and process ids: pure-ftpd's and IRC's users, ZooKeeper's statistics, load, uptime.
        (rb"(?i)\b(user number|pid|process|session|connection(?: id)?|#)(\s?[:=]?\s?)\d+", rb"\1\2<n>"),
        (
            rb"(?i)\b\d+( (?:of \d+ )?(?:users?|clients?|connections?|sessions?|guests?|invisible|operators?)\b)",
            rb"<n>\1",
        ),
        (
            rb"(?im)^((?:Received|Sent|Connections|Outstanding|Zxid|Node count|Latency[^:\r\n]{0,40}|Uptime)):[^\r\n]*",
            rb"\1: <n>",
        ),
    )
)
_BINARY = re.compile(rb"[\0-\x08\x0e-\x1a\x1c-\x1f]")
"""Controls that no text holds (ESC begins colours in the greetings of login prompts and consoles)."""
_IDENTIFICATION = re.compile(rb"(?:\A|\n)SSH-[^\n]*\n?")
_WORDS = re.compile(rb"[\s<>]+")
MOST: Final = 16384
"""Bytes that are compared: the rules look at each byte some twenty times."""


def quiet(banner: bytes) -> bytes | None:
    """`banner` without its noise; None for a greeting of a binary protocol, which is not compared."""
    if found := _IDENTIFICATION.search(banner):
        banner = banner[: found.end()]  # KEXINIT follows: its cookie is random (RFC 4253, section 7.1)
    text = banner[:MOST]
    if _BINARY.search(text):
        return None
    for pattern, replacement in RULES:
        text = pattern.sub(replacement, text)
    if text.startswith((b"<?xml", b"<stream")):
        return b" ".join(sorted(_WORDS.split(text)))  # attributes and features come in any order
    return b"\n".join(line.rstrip() for line in text.splitlines())

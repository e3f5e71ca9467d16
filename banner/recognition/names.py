"""What a name or a version may look like, whatever rule cut it out of a greeting."""

from __future__ import annotations

from ..text.patterns import lazily

_ENDS = ".,;:_- "
_OPENING = {")": "(", "]": "[", "}": "{"}
_BRACKETS = lazily(r"[()\[\]{}]")
_BEFORE_NUMBERS = frozenset(
    ("version", "ver", "vers", "rev", "revision", "build", "firmware", "protocol", "release", "v")
)
"""Words that stand before a number, in lower case."""
_COMMON = _BEFORE_NUMBERS | frozenset((
    "server", "service", "daemon", "software", "system", "ready", "api", "the", "ftp", "smtp", "esmtp", "pop3", "imap",
    "imap4", "nntp", "http", "https", "ssh", "rtsp", "sip", "mail", "web", "servlet", "jsp", "java", "sshd", "httpd",
    "ftpd", "smtpd", "telnetd", "kernel", "model", "device", "router", "camera", "printer", "gateway", "patch", "port",
))  # fmt: skip
"""... and words that say what everything of its kind is: nobody's name by themselves."""


def trimmed(text: str) -> str:
    """`text` without the punctuation at its end, and without a bracket that has no other half."""
    text = text.rstrip(_ENDS)
    if _BRACKETS.search(text) is None:
        return text
    open_at: list[int] = []
    for bracket in _BRACKETS.finditer(text):
        half = _OPENING.get(bracket.group())
        if half is None:
            open_at.append(bracket.start())
        elif open_at and text[open_at[-1]] == half:
            open_at.pop()
        else:
            return trimmed(text[: bracket.start()])
    return trimmed(text[: open_at[0]]) if open_at else text


def named(guess: str) -> str | None:
    """`guess`, a name that was read by its shape, without the words that belong to the number behind it.

    None where only common words are left.
    """
    words = guess.split()
    while words and words[-1].lower().rstrip(".:") in _BEFORE_NUMBERS:
        words.pop()
    if all(word.lower().rstrip(".:") in _COMMON for word in words):
        return None
    return trimmed(" ".join(words)) or None

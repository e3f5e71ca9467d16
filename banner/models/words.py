"""The words that values are made of: how a target ended, how a reading did, what carries bytes, how much is said."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """The one outcome of a target."""

    BANNER = "banner"
    """At least one byte was read."""
    SILENT = "silent"
    """Connected; nothing came before the read deadline."""
    CLOSED = "closed"
    """Connected; the peer closed before any byte."""
    RESET = "reset"
    """Connected; the peer reset the connection before any byte."""
    REFUSED = "refused"
    """The connection was refused."""
    TIMEOUT = "timeout"
    """The connection was not answered in time."""
    UNREACHABLE = "unreachable"
    """The network said that the host or the network cannot be reached."""
    DNS_ERROR = "dns-error"
    """The name did not resolve; ``error`` says in which way."""
    TLS_ERROR = "tls-error"
    """Connected; the TLS handshake failed and nothing else could be read."""
    DENIED = "denied"
    """A policy or an exclusion forbids this address; nothing was sent."""
    LOCAL_ERROR = "local-error"
    """This machine ran out of descriptors, ports or memory and stayed out after backing off."""
    FAULT = "fault"
    """A bug in a probe; it was logged with its traceback and costs this one record."""


class End(StrEnum):
    """How the reading of a greeting ended."""

    COMPLETE = "complete"
    """The greeting is whole."""
    EOF = "eof"
    """The peer closed its side."""
    RESET = "reset"
    """The peer reset the connection."""
    DEADLINE = "deadline"
    """The time was up."""
    LIMIT = "limit"
    """As many bytes as were asked for have come; there may be more."""


class Transport(StrEnum):
    """What carries a target's bytes."""

    TCP = "tcp"
    UDP = "udp"
    """Datagrams: who says nothing may be open or filtered, and nobody can tell which."""

    @classmethod
    def _missing_(cls, value: object) -> Transport:
        raise ValueError(f"a transport is one of {', '.join(cls)}, not {value!r}")


class Mode(StrEnum):
    """How much is said to a peer."""

    LISTEN = "listen"
    """Nothing: connect, read, close."""
    LIGHT = "light"
    """Polite hellos where the port or the silence calls for them, four at most; see docs/plan.md."""
    FULL = "full"
    """Every dialogue that may tell something."""
    TLS = "tls"
    """A TLS handshake, by STARTTLS where the port's service speaks it, for the certificate; nothing inside."""

    @classmethod
    def _missing_(cls, value: object) -> Mode:
        raise ValueError(f"a mode is one of {', '.join(cls)}, not {value!r}")

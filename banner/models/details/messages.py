"""What ``details`` tell of messages: written from docs/probes.md, as the schema is."""

from __future__ import annotations

from typing import TypedDict


class FingerDetails(TypedDict, total=False):
    """`finger`."""

    user: bool


class H323Details(TypedDict, total=False):
    """`h323`."""

    message: str
    cause: int
    call_state: int
    protocol_version: int


class IdentDetails(TypedDict, total=False):
    """`ident`."""

    error: str
    system: str


class ImapDetails(TypedDict, total=False):
    """`imap`."""

    capabilities: list[str]
    capabilities_in_tls: list[str]
    id: list[str]


class IrcDetails(TypedDict, total=False):
    """`irc`."""

    server: str
    notices: list[str]


class ManagesieveDetails(TypedDict, total=False):
    """`managesieve`."""

    capabilities: list[str]
    implementation: str
    extensions: list[str]
    sasl: list[str]
    sasl_in_tls: list[str]


class NntpDetails(TypedDict, total=False):
    """`nntp`."""

    capabilities: list[str]
    capabilities_in_tls: list[str]
    implementation: str


class Pop3Details(TypedDict, total=False):
    """`pop3`."""

    capabilities: list[str]
    capabilities_in_tls: list[str]
    implementation: str


class PulseaudioDetails(TypedDict, total=False):
    """`pulseaudio`."""

    error: str
    server_name: str
    version: str
    user_name: str
    host_name: str


class RtmpDetails(TypedDict, total=False):
    """`rtmp`."""

    uptime: int
    version: str


class RtspDetails(TypedDict, total=False):
    """`rtsp`."""

    status: int
    server: str
    www_authenticate: str
    methods: list[str]


class SaneDetails(TypedDict, total=False):
    """`sane`."""

    status: str
    protocol_version: str


class SccpDetails(TypedDict, total=False):
    """`sccp`."""

    message: str


class SipDetails(TypedDict, total=False):
    """`sip`."""

    status: int
    server: str
    user_agent: str
    www_authenticate: str
    proxy_authenticate: str
    warning: str
    methods: list[str]


class SmtpDetails(TypedDict, total=False):
    """`smtp`."""

    hostname: str
    extensions: list[str]
    extensions_in_tls: list[str]
    ntlm_hostname: str
    ntlm_domain: str
    ntlm_dns_hostname: str
    ntlm_dns_domain: str
    ntlm_dns_forest: str
    ntlm_build: str
    ntlm_time: str


class XmppDetails(TypedDict, total=False):
    """`xmpp`."""

    domain: str
    version: str
    lang: str
    features: list[str]
    mechanisms: list[str]
    mechanisms_in_tls: list[str]
    error: str
    error_text: str


class MumbleUdpDetails(TypedDict, total=False):
    """`mumble` over UDP."""

    users: int
    max_users: int
    bandwidth: int


class SipUdpDetails(TypedDict, total=False):
    """`sip` over UDP."""

    status: int
    server: str
    user_agent: str
    www_authenticate: str
    proxy_authenticate: str
    warning: str
    methods: list[str]

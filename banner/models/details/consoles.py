"""What ``details`` tell of consoles: written from docs/probes.md, as the schema is."""

from __future__ import annotations

from typing import TypedDict


class AdbDetails(TypedDict, total=False):
    """`adb`."""

    auth_required: bool
    tls_required: bool
    protocol_version: str
    system_type: str
    product_name: str
    model: str
    device: str
    features: list[str]


class RdpDetails(TypedDict, total=False):
    """`rdp`."""

    protocol: str
    flags: list[str]
    failure: str
    ntlm_hostname: str
    ntlm_domain: str
    ntlm_dns_hostname: str
    ntlm_dns_domain: str
    ntlm_dns_forest: str
    ntlm_build: str
    ntlm_time: str


class SshDetails(TypedDict, total=False):
    """`ssh`."""

    protocol_version: str
    software: str
    comments: str
    lines_before: list[str]
    kex_algorithms: list[str]
    host_key_algorithms: list[str]
    encryption_to_server: list[str]
    encryption_to_client: list[str]
    mac_to_server: list[str]
    mac_to_client: list[str]
    compression_to_server: list[str]
    compression_to_client: list[str]
    hassh_server: str
    host_key_type: str
    host_key_bits: int
    host_key_sha256: str


class TelnetDetails(TypedDict, total=False):
    """`telnet`."""

    options: list[str]
    text: str


class VncDetails(TypedDict, total=False):
    """`vnc`."""

    protocol_version: str
    security_types: list[str]
    reason: str


class WinboxDetails(TypedDict, total=False):
    """`winbox`."""

    list: str


class X11Details(TypedDict, total=False):
    """`x11`."""

    access: str
    reason: str
    vendor: str
    release: int
    screens: int


class XdmcpUdpDetails(TypedDict, total=False):
    """`xdmcp` over UDP."""

    willing: bool
    hostname: str
    status_text: str

"""What ``details`` tell of networks: written from docs/probes.md, as the schema is."""

from __future__ import annotations

from typing import TypedDict


class DnsDetails(TypedDict, total=False):
    """`dns`."""

    rcode: str
    version_bind: str
    id_server: str


class KerberosDetails(TypedDict, total=False):
    """`kerberos`."""

    error: str
    error_text: str
    realm: str
    server_time: str


class LdapDetails(TypedDict, total=False):
    """`ldap`."""

    result_code: int
    object_classes: list[str]
    vendor_name: str
    vendor_version: str
    naming_contexts: list[str]
    versions: list[str]
    extensions: list[str]
    sasl: list[str]
    capabilities: list[str]
    host_name: str
    default_naming_context: str
    root_domain: str
    forest_level: str
    controller_level: str


class PptpDetails(TypedDict, total=False):
    """`pptp`."""

    protocol_version: str
    result: str
    firmware: int
    hostname: str
    vendor: str


class Socks5Details(TypedDict, total=False):
    """`socks5`."""

    method: str


class CldapUdpDetails(TypedDict, total=False):
    """`cldap` over UDP."""

    host_name: str
    default_naming_context: str
    controller_level: str
    vendor_name: str
    vendor_version: str


class DnsUdpDetails(TypedDict, total=False):
    """`dns` over UDP."""

    rcode: str
    version_bind: str
    hostname: str


class DtlsUdpDetails(TypedDict, total=False):
    """`dtls` over UDP."""

    cookie: bool
    alert: str


class IkeUdpDetails(TypedDict, total=False):
    """`ike` over UDP."""

    versions: list[str]
    notify: str
    notify_v1: str
    vendor_ids: list[str]


class IsakmpUdpDetails(TypedDict, total=False):
    """`isakmp` over UDP."""

    versions: list[str]
    notify_v1: str
    vendor_ids: list[str]


class KerberosUdpDetails(TypedDict, total=False):
    """`kerberos` over UDP."""

    error: str
    error_text: str
    realm: str
    server_time: str


class L2tpUdpDetails(TypedDict, total=False):
    """`l2tp` over UDP."""

    hostname: str
    vendor: str
    protocol_version: str
    firmware: int


class MdnsUdpDetails(TypedDict, total=False):
    """`mdns` over UDP."""

    services: list[str]
    instances: list[str]
    hostname: str
    mac: str
    txt: list[str]


class NatPmpUdpDetails(TypedDict, total=False):
    """`nat-pmp` over UDP."""

    result: str
    uptime: int
    external_address: str


class NetbiosNsUdpDetails(TypedDict, total=False):
    """`netbios-ns` over UDP."""

    hostname: str
    domain: str
    names: list[str]
    mac: str


class NtpUdpDetails(TypedDict, total=False):
    """`ntp` over UDP."""

    protocol_version: str
    stratum: int
    synchronised: bool
    reference: str
    server_time: str
    version: str
    processor: str
    os: str


class OpenvpnUdpDetails(TypedDict, total=False):
    """`openvpn` over UDP."""

    tls_auth: bool


class QuicUdpDetails(TypedDict, total=False):
    """`quic` over UDP."""

    versions: list[str]


class SrvlocUdpDetails(TypedDict, total=False):
    """`srvloc` over UDP."""

    error_code: int
    services: list[str]


class SsdpUdpDetails(TypedDict, total=False):
    """`ssdp` over UDP."""

    server: str
    location: str
    usn: str


class StunUdpDetails(TypedDict, total=False):
    """`stun` over UDP."""

    software: str
    response_origin: str
    other_address: str


class WsDiscoveryUdpDetails(TypedDict, total=False):
    """`ws-discovery` over UDP."""

    endpoint: str
    types: list[str]
    addresses: list[str]

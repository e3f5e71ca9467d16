"""What ``details`` tell of files: written from docs/probes.md, as the schema is."""

from __future__ import annotations

from typing import TypedDict


class AfpDetails(TypedDict, total=False):
    """`afp`."""

    server_name: str
    machine_type: str
    versions: list[str]
    mechanisms: list[str]
    flags: list[str]
    signature: str
    addresses: list[str]


class FtpDetails(TypedDict, total=False):
    """`ftp`."""

    features: list[str]
    system: str


class GitDetails(TypedDict, total=False):
    """`git`."""

    error: str
    agent: str
    object_format: str


class IscsiDetails(TypedDict, total=False):
    """`iscsi`."""

    status: str
    protocol_version: str
    auth_method: str
    target_alias: str
    targets: list[str]
    addresses: list[str]


class RsyncDetails(TypedDict, total=False):
    """`rsync`."""

    protocol_version: str
    digests: list[str]


class Smb2Details(TypedDict, total=False):
    """`smb2`."""

    dialect: str
    signing: str
    server_guid: str
    capabilities: list[str]
    system_time: str
    start_time: str
    error: str
    ntlm_hostname: str
    ntlm_domain: str
    ntlm_dns_hostname: str
    ntlm_dns_domain: str
    ntlm_dns_forest: str
    ntlm_build: str
    ntlm_time: str


class SvnDetails(TypedDict, total=False):
    """`svn`."""

    min_version: int
    max_version: int
    capabilities: list[str]
    error_code: int
    error: str


class TftpUdpDetails(TypedDict, total=False):
    """`tftp` over UDP."""

    error_code: int
    error: str

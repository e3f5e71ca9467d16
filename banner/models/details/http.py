"""What ``details`` tell of http: written from docs/probes.md, as the schema is."""

from __future__ import annotations

from typing import TypedDict


class DockerDetails(TypedDict, total=False):
    """`docker`."""

    api_version: str
    min_api_version: str
    os: str
    arch: str
    kernel_version: str
    go_version: str
    git_commit: str


class HttpDetails(TypedDict, total=False):
    """`http`."""

    http2: dict[str, int]
    version_path: str
    http_version: str
    status: int
    server: str
    x_powered_by: str
    via: str
    location: str
    content_type: str
    www_authenticate: list[str]
    proxy_authenticate: list[str]
    content_length: int
    cookies: list[str]
    title: str
    generator: str
    tls_expected: bool
    ntlm_hostname: str
    ntlm_domain: str
    ntlm_dns_hostname: str
    ntlm_dns_domain: str
    ntlm_dns_forest: str
    ntlm_build: str
    ntlm_time: str


class Http2Details(TypedDict, total=False):
    """`http2`."""

    http2: dict[str, int]
    http_version: str
    status: int
    server: str
    x_powered_by: str
    via: str
    location: str
    content_type: str
    www_authenticate: list[str]
    proxy_authenticate: list[str]
    content_length: int
    cookies: list[str]
    title: str
    generator: str
    grpc_status: str
    grpc_message: str


class IppDetails(TypedDict, total=False):
    """`ipp`."""

    server: str
    status: int
    make_and_model: str
    printer_name: str
    printer_info: str
    location: str
    device_id: str
    dns_sd_name: str
    uuid: str
    firmware_name: str
    firmware_version: str
    versions: list[str]


class KubernetesDetails(TypedDict, total=False):
    """`kubernetes`."""

    access: str
    git_version: str
    git_commit: str
    build_date: str
    go_version: str
    platform: str

"""What ``details`` tell of queues: written from docs/probes.md, as the schema is."""

from __future__ import annotations

from typing import TypedDict


class AmqpDetails(TypedDict, total=False):
    """`amqp`."""

    protocol_version: str
    product: str
    version: str
    platform: str
    cluster_name: str
    mechanisms: list[str]
    locales: list[str]


class EpmdDetails(TypedDict, total=False):
    """`epmd`."""

    nodes: list[str]


class KafkaDetails(TypedDict, total=False):
    """`kafka`."""

    api_count: int
    api_versions: list[str]
    version_at_least: str
    error: str


class MqttDetails(TypedDict, total=False):
    """`mqtt`."""

    return_code: int
    return_text: str
    sys_version: str


class NatsDetails(TypedDict, total=False):
    """`nats`."""

    server_id: str
    server_name: str
    version: str
    go: str
    git_commit: str
    cluster: str
    domain: str
    proto: int
    max_payload: int
    auth_required: bool
    tls_required: bool
    tls_available: bool
    tls_verify: bool
    jetstream: bool
    headers: bool
    ldm: bool


class OpenwireDetails(TypedDict, total=False):
    """`openwire`."""

    protocol_version: str
    provider_name: str
    provider_version: str
    platform: str
    host: str
    stack_trace_enabled: bool
    cache_enabled: bool
    cache_size: int
    tcp_no_delay_enabled: bool
    size_prefix_disabled: bool
    tight_encoding_enabled: bool
    max_frame_size: int
    max_frame_size_enabled: bool
    max_inactivity: int
    max_inactivity_initial_delay: int


class StompDetails(TypedDict, total=False):
    """`stomp`."""

    access: str
    server: str
    protocol_version: str
    heart_beat: str
    message: str


class ZookeeperDetails(TypedDict, total=False):
    """`zookeeper`."""

    build: str
    built: str
    connections: str
    outstanding: str
    zxid: str
    mode: str
    node_count: str
    error: str

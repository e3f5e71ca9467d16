"""What ``details`` tell of databases: written from docs/probes.md, as the schema is."""

from __future__ import annotations

from typing import TypedDict


class BoltDetails(TypedDict, total=False):
    """`bolt`."""

    protocol_version: str
    server: str
    error: str


class CassandraDetails(TypedDict, total=False):
    """`cassandra`."""

    cql_version: list[str]
    compression: list[str]
    protocol_versions: list[str]
    error: str


class DrdaDetails(TypedDict, total=False):
    """`drda`."""

    server_class: str
    release: str
    server_name: str
    external_name: str


class FirebirdDetails(TypedDict, total=False):
    """`firebird`."""

    protocol_version: str
    version_at_least: str


class MemcachedDetails(TypedDict, total=False):
    """`memcached`."""

    auth_required: bool


class MongodbDetails(TypedDict, total=False):
    """`mongodb`."""

    min_wire_version: int
    max_wire_version: int
    set_name: str
    role: str
    hosts: list[str]
    writable_primary: bool
    git_version: str
    modules: list[str]
    allocator: str
    bits: int
    javascript_engine: str
    error: str


class MssqlDetails(TypedDict, total=False):
    """`mssql`."""

    encryption: str
    ntlm_hostname: str
    ntlm_domain: str
    ntlm_dns_hostname: str
    ntlm_dns_domain: str
    ntlm_dns_forest: str
    ntlm_build: str
    ntlm_time: str


class MysqlDetails(TypedDict, total=False):
    """`mysql`."""

    protocol: int
    server_version: str
    thread_id: int
    capabilities: list[str]
    character_set: int
    status: int
    auth_plugin: str
    error_code: int
    sql_state: str
    error: str


class OracleTnsDetails(TypedDict, total=False):
    """`oracle-tns`."""

    version: str
    error_code: int
    listener: str


class PostgresqlDetails(TypedDict, total=False):
    """`postgresql`."""

    tls: bool
    severity: str
    sql_state: str
    error: str
    detail: str
    hint: str
    file: str
    line: str
    routine: str


class RedisDetails(TypedDict, total=False):
    """`redis`."""

    auth_required: bool
    protected_mode: bool
    error: str
    redis_version: str
    redis_mode: str
    redis_build_id: str
    os: str
    arch_bits: str
    gcc_version: str


class MemcachedUdpDetails(TypedDict, total=False):
    """`memcached` over UDP."""

    auth_required: bool


class MsSqlMUdpDetails(TypedDict, total=False):
    """`ms-sql-m` over UDP."""

    hostname: str
    instances: list[str]

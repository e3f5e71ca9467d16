"""What ``details`` hold, by the dialogue that ``probe`` names: written from docs/probes.md, as the schema is.

For type checkers: ``cast(details.SshDetails, grab.details)``. Every field may be absent. Over UDP there are besides
``datagrams``, ``amplification``, ``from_port`` and ``from_elsewhere``.
"""

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


class AfpDetails(TypedDict, total=False):
    """`afp`."""

    server_name: str
    machine_type: str
    versions: list[str]
    mechanisms: list[str]
    flags: list[str]
    signature: str
    addresses: list[str]


class AmqpDetails(TypedDict, total=False):
    """`amqp`."""

    protocol_version: str
    product: str
    version: str
    platform: str
    cluster_name: str
    mechanisms: list[str]
    locales: list[str]


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


class Dnp3Details(TypedDict, total=False):
    """`dnp3`."""

    address: int
    function: str


class DnsDetails(TypedDict, total=False):
    """`dns`."""

    rcode: str
    version_bind: str
    id_server: str


class DockerDetails(TypedDict, total=False):
    """`docker`."""

    api_version: str
    min_api_version: str
    os: str
    arch: str
    kernel_version: str
    go_version: str
    git_commit: str


class DrdaDetails(TypedDict, total=False):
    """`drda`."""

    server_class: str
    release: str
    server_name: str
    external_name: str


class EnipDetails(TypedDict, total=False):
    """`enip`."""

    vendor_id: int
    vendor: str
    device_type: str
    product_code: int
    product_name: str
    revision: str
    device_status: int
    serial_number: str
    address: str
    status: int


class EpmdDetails(TypedDict, total=False):
    """`epmd`."""

    nodes: list[str]


class FingerDetails(TypedDict, total=False):
    """`finger`."""

    user: bool


class FinsDetails(TypedDict, total=False):
    """`fins`."""

    node: int
    model: str
    version: str
    error: str


class FirebirdDetails(TypedDict, total=False):
    """`firebird`."""

    protocol_version: str
    version_at_least: str


class FoxDetails(TypedDict, total=False):
    """`fox`."""

    hostname: str
    host_address: str
    application: str
    application_version: str
    vm_name: str
    vm_version: str
    os_name: str
    os_version: str
    station: str
    lang: str
    time_zone: str
    host_id: str
    brand: str


class FtpDetails(TypedDict, total=False):
    """`ftp`."""

    features: list[str]
    system: str


class GitDetails(TypedDict, total=False):
    """`git`."""

    error: str
    agent: str
    object_format: str


class H323Details(TypedDict, total=False):
    """`h323`."""

    message: str
    cause: int
    call_state: int
    protocol_version: int


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


class IdentDetails(TypedDict, total=False):
    """`ident`."""

    error: str
    system: str


class ImapDetails(TypedDict, total=False):
    """`imap`."""

    capabilities: list[str]
    capabilities_in_tls: list[str]
    id: list[str]


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


class IrcDetails(TypedDict, total=False):
    """`irc`."""

    server: str
    notices: list[str]


class IscsiDetails(TypedDict, total=False):
    """`iscsi`."""

    status: str
    protocol_version: str
    auth_method: str
    target_alias: str
    targets: list[str]
    addresses: list[str]


class KafkaDetails(TypedDict, total=False):
    """`kafka`."""

    api_count: int
    api_versions: list[str]
    version_at_least: str
    error: str


class KerberosDetails(TypedDict, total=False):
    """`kerberos`."""

    error: str
    error_text: str
    realm: str
    server_time: str


class KubernetesDetails(TypedDict, total=False):
    """`kubernetes`."""

    access: str
    git_version: str
    git_commit: str
    build_date: str
    go_version: str
    platform: str


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


class ManagesieveDetails(TypedDict, total=False):
    """`managesieve`."""

    capabilities: list[str]
    implementation: str
    extensions: list[str]
    sasl: list[str]
    sasl_in_tls: list[str]


class MemcachedDetails(TypedDict, total=False):
    """`memcached`."""

    auth_required: bool


class ModbusDetails(TypedDict, total=False):
    """`modbus`."""

    vendor: str
    product_code: str
    revision: str
    vendor_url: str
    product_name: str
    model: str
    application: str
    exception: str


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


class MqttDetails(TypedDict, total=False):
    """`mqtt`."""

    return_code: int
    return_text: str
    sys_version: str


class MsrpcDetails(TypedDict, total=False):
    """`msrpc`."""

    secondary_address: str
    refused: int
    interfaces: list[str]
    endpoints: list[str]
    addresses: list[str]
    host_names: list[str]


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


class NntpDetails(TypedDict, total=False):
    """`nntp`."""

    capabilities: list[str]
    capabilities_in_tls: list[str]
    implementation: str


class NrpeDetails(TypedDict, total=False):
    """`nrpe`."""

    output: str
    result: int


class OpcuaDetails(TypedDict, total=False):
    """`opcua`."""

    protocol_version: str
    receive_buffer: int
    send_buffer: int
    max_message: int
    max_chunks: int
    error: str
    reason: str


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


class OracleTnsDetails(TypedDict, total=False):
    """`oracle-tns`."""

    version: str
    error_code: int
    listener: str


class Pop3Details(TypedDict, total=False):
    """`pop3`."""

    capabilities: list[str]
    capabilities_in_tls: list[str]
    implementation: str


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


class PptpDetails(TypedDict, total=False):
    """`pptp`."""

    protocol_version: str
    result: str
    firmware: int
    hostname: str
    vendor: str


class PulseaudioDetails(TypedDict, total=False):
    """`pulseaudio`."""

    error: str
    server_name: str
    version: str
    user_name: str
    host_name: str


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


class RpcbindDetails(TypedDict, total=False):
    """`rpcbind`."""

    access: str
    programs: list[str]


class RsyncDetails(TypedDict, total=False):
    """`rsync`."""

    protocol_version: str
    digests: list[str]


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


class S7Details(TypedDict, total=False):
    """`s7`."""

    order_number: str
    hardware: str
    firmware: str
    system_name: str
    module_name: str
    plant: str
    copyright: str
    serial_number: str
    module_type: str
    memory_card: str


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


class Socks5Details(TypedDict, total=False):
    """`socks5`."""

    method: str


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


class StompDetails(TypedDict, total=False):
    """`stomp`."""

    access: str
    server: str
    protocol_version: str
    heart_beat: str
    message: str


class SvnDetails(TypedDict, total=False):
    """`svn`."""

    min_version: int
    max_version: int
    capabilities: list[str]
    error_code: int
    error: str


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


class ZabbixAgentDetails(TypedDict, total=False):
    """`zabbix-agent`."""

    version: str
    error: str


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


class BacnetUdpDetails(TypedDict, total=False):
    """`bacnet` over UDP."""

    instance: int
    model: str


class CldapUdpDetails(TypedDict, total=False):
    """`cldap` over UDP."""

    host_name: str
    default_naming_context: str
    controller_level: str
    vendor_name: str
    vendor_version: str


class CoapUdpDetails(TypedDict, total=False):
    """`coap` over UDP."""

    resources: list[str]


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


class IpmiUdpDetails(TypedDict, total=False):
    """`ipmi` over UDP."""

    authentication: list[str]
    protocol_versions: list[str]
    anonymous_login: bool
    null_user_names: bool
    enterprise: int
    completion_code: int


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


class MemcachedUdpDetails(TypedDict, total=False):
    """`memcached` over UDP."""

    auth_required: bool


class MsSqlMUdpDetails(TypedDict, total=False):
    """`ms-sql-m` over UDP."""

    hostname: str
    instances: list[str]


class MumbleUdpDetails(TypedDict, total=False):
    """`mumble` over UDP."""

    users: int
    max_users: int
    bandwidth: int


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


class RpcbindUdpDetails(TypedDict, total=False):
    """`rpcbind` over UDP."""

    access: str


class SipUdpDetails(TypedDict, total=False):
    """`sip` over UDP."""

    status: int
    server: str
    user_agent: str
    www_authenticate: str
    proxy_authenticate: str
    warning: str
    methods: list[str]


class SnmpUdpDetails(TypedDict, total=False):
    """`snmp` over UDP."""

    engine_id: str
    enterprise: int
    mac: str
    address: str
    engine_text: str
    boots: int
    uptime: int
    community: str
    description: str
    object_id: str
    hostname: str


class SnmpV2cUdpDetails(TypedDict, total=False):
    """`snmp-v2c` over UDP."""

    community: str
    description: str
    object_id: str
    hostname: str


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


class TftpUdpDetails(TypedDict, total=False):
    """`tftp` over UDP."""

    error_code: int
    error: str


class UbiquitiUdpDetails(TypedDict, total=False):
    """`ubiquiti` over UDP."""

    hostname: str
    mac: str
    address: str
    model: str
    platform: str
    firmware_version: str
    essid: str
    uptime: int


class WsDiscoveryUdpDetails(TypedDict, total=False):
    """`ws-discovery` over UDP."""

    endpoint: str
    types: list[str]
    addresses: list[str]


class XdmcpUdpDetails(TypedDict, total=False):
    """`xdmcp` over UDP."""

    willing: bool
    hostname: str
    status_text: str

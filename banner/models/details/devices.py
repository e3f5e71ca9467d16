"""What ``details`` tell of devices: written from docs/probes.md, as the schema is."""

from __future__ import annotations

from typing import TypedDict


class Dnp3Details(TypedDict, total=False):
    """`dnp3`."""

    address: int
    function: str


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


class FinsDetails(TypedDict, total=False):
    """`fins`."""

    node: int
    model: str
    version: str
    error: str


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


class MsrpcDetails(TypedDict, total=False):
    """`msrpc`."""

    secondary_address: str
    refused: int
    interfaces: list[str]
    endpoints: list[str]
    addresses: list[str]
    host_names: list[str]


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


class RpcbindDetails(TypedDict, total=False):
    """`rpcbind`."""

    access: str
    programs: list[str]


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


class ZabbixAgentDetails(TypedDict, total=False):
    """`zabbix-agent`."""

    version: str
    error: str


class BacnetUdpDetails(TypedDict, total=False):
    """`bacnet` over UDP."""

    instance: int
    model: str


class CoapUdpDetails(TypedDict, total=False):
    """`coap` over UDP."""

    resources: list[str]


class IpmiUdpDetails(TypedDict, total=False):
    """`ipmi` over UDP."""

    authentication: list[str]
    protocol_versions: list[str]
    anonymous_login: bool
    null_user_names: bool
    enterprise: int
    completion_code: int


class RpcbindUdpDetails(TypedDict, total=False):
    """`rpcbind` over UDP."""

    access: str


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

"""Services that answered without asking who we are, as their dialogues tell it."""

from __future__ import annotations

from typing import Final

from ..formats.naming import software
from ..models import Grab
from .evidence import Evidence, is_service


def _says(service: str, field: str, value: object, words: str) -> Evidence:
    """`words` where the dialogue with `service` left `value` in its `field`."""

    def evidence(grab: Grab) -> str | None:
        told = grab.details.get(field)
        holds = (
            value in told if isinstance(told, list | tuple) else told == value and type(told) is type(value)
        )
        return words if is_service(grab, service) and holds else None

    return evidence


def _has(service: str, field: str, words: str) -> Evidence:
    """`words`, and what `service` told in its `field`."""

    def evidence(grab: Grab) -> str | None:
        return (
            f"{words} {grab.details[field]}" if is_service(grab, service) and field in grab.details else None
        )

    return evidence


def _elasticsearch(grab: Grab) -> str | None:
    product = grab.service.product if grab.service else None
    open_to_us = product in ("Elasticsearch", "OpenSearch") and grab.details.get("status") == 200
    return f"{software(grab.service)} answered GET / with 200" if open_to_us else None


def _nats(grab: Grab) -> str | None:
    asks = grab.details.get("auth_required") or grab.details.get("tls_verify")
    known = is_service(grab, "nats") and "version" in grab.details
    return "INFO asks for no login" if known and not asks else None


def _jdwp(grab: Grab) -> str | None:
    return "the handshake was answered, and JDWP knows no login" if is_service(grab, "jdwp") else None


def _ipmi(grab: Grab) -> str | None:
    if not is_service(grab, "ipmi"):
        return None
    if grab.details.get("anonymous_login"):
        return "a session without a name is permitted"
    offered = grab.details.get("authentication")
    return "no authentication is offered" if isinstance(offered, list) and "none" in offered else None


UNASKED: Final[tuple[tuple[str, str, Evidence], ...]] = (
    ("open-redis", "Redis without a login", _says("redis", "auth_required", False, "PING was answered")),
    ("open-memcached", "Memcached without a login", _says("memcached", "auth_required", False, "version was answered")),
    ("open-mongodb", "MongoDB answers before a login", _has("mongodb", "git_version", "buildInfo was answered: build")),
    ("open-elasticsearch", "Elasticsearch without a login", _elasticsearch),
    ("open-docker", "Docker's API without a login", _has("docker", "api_version", "GET /version was answered: API")),
    ("open-x11", "X11 display open to all", _says("x11", "access", "granted", "the connection was granted")),
    ("open-vnc", "VNC without a password", _says("vnc", "security_types", "none", "security type None is offered")),
    ("open-adb", "Android debugging without a key", _says("adb", "auth_required", False, "CNXN was answered")),
    ("open-jdwp", "Java debugging open to all", _jdwp),
    ("open-mqtt", "MQTT without a login", _says("mqtt", "return_code", 0, "CONNECT without a name was accepted")),
    ("open-nats", "NATS without a login", _nats),
    ("open-snmp", "SNMP with the community public", _says("snmp", "community", "public", "public was answered")),
    ("open-ipmi", "IPMI without a login", _ipmi),
    ("open-socks", "SOCKS proxy without a login", _says("socks", "method", "none", "no authentication was chosen")),
)  # fmt: skip
"""Name, title, evidence."""

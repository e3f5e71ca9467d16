"""Software that names itself in a field of its own: HTTP headers, or the JSON that it serves at ``/``.

Only answers whose structure says it for certain; the rules look at everything else. Sources are the
vendors' API references: Elasticsearch "Cluster info" (and ``X-elastic-product``, since 7.14), Kibana's
``kbn-name``, OpenSearch "Info", CouchDB "1.2.1 /", Neo4j "HTTP API, discovery", Qdrant "root", InfluxDB
``/ping`` (its headers come with every answer), Jenkins "Remote access API", Kubernetes "Status"; etcd 3.4.23 itself.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import Any, Final

import msgspec

from ..dialogue import Want, Wire
from ..models import Service
from ._head import LONGEST, Head
from ._http import exchange, read_body
from ._product import named

_ETCD: Final = (
    ("access-control-allow-headers", "accept, content-type, authorization"),
    ("access-control-allow-methods", "POST, GET, OPTIONS, PUT, DELETE"),
)
"""Words and order as etcd writes them: with Go's words for a path that is none, what it says at ``/``."""


_OWN: Final = frozenset(("x-jenkins", "x-influxdb-version", "x-clickhouse-server-display-name", "kbn-name"))


def recognise(head: Head, body: bytes) -> Service | None:
    """The software behind an answer to ``GET /``, or None where its structure does not say."""
    if not _OWN.isdisjoint(head.fields) and (found := _by_fields(head)):
        return found
    if body == b"404 page not found\n" and all(head.get(name) == value for name, value in _ETCD):
        return named("http", "etcd", "etcd", cpe="etcd:etcd")
    root = parse_object(body)
    if root and (found := _by_root(root)):
        return found
    if head.get("x-elastic-product") == "Elasticsearch":  # also on what it refuses
        return named("http", "Elastic", "Elasticsearch", cpe="elastic:elasticsearch")
    return None


def _by_fields(head: Head) -> Service | None:
    if version := head.get("x-jenkins"):
        return named("http", "Jenkins", "Jenkins", version, cpe="jenkins:jenkins")
    if version := head.get("x-influxdb-version"):
        return named("http", "InfluxData", "InfluxDB", version.removeprefix("v"), cpe="influxdata:influxdb")
    if head.get("x-clickhouse-server-display-name"):
        return named("http", "ClickHouse", "ClickHouse", None, cpe="clickhouse:clickhouse")
    if head.get("kbn-name"):
        return named("http", "Elastic", "Kibana", head.get("kbn-version"), cpe="elastic:kibana")
    return None


def parse_object(body: bytes) -> dict[str, Any]:
    """The JSON object that `body` is, empty where it is none."""
    if body.lstrip()[:1] != b"{":
        return {}
    try:
        value = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def fetch_object(wire: Wire, path: str) -> Generator[Want, None, dict[str, Any]]:
    """The JSON object that an HTTP server has at `path`, empty where it has none."""
    answer = yield from exchange(wire, path)
    if answer is None:
        return {}
    yield from read_body(wire, answer)
    return parse_object(answer.content())


def keep(wire: Wire, root: Mapping[str, Any], fields: Mapping[str, str]) -> None:
    """Keep the texts of `root` as details: `fields` gives each field's name there."""
    for field, name in fields.items():
        if value := string(root.get(field)):
            wire.details[name] = value


def string(value: object) -> str | None:
    """`value` where it is a text that is not empty, at most `LONGEST` characters."""
    return value[:LONGEST] if isinstance(value, str) and value else None


def _by_root(root: dict[str, Any]) -> Service | None:
    version = root.get("version")
    if isinstance(version, dict) and "cluster_name" in root and (number := string(version.get("number"))):
        if version.get("distribution") == "opensearch":
            return named("http", "OpenSearch", "OpenSearch", number, cpe="amazon:opensearch")
        return named("http", "Elastic", "Elasticsearch", number, cpe="elastic:elasticsearch")
    if root.get("couchdb") == "Welcome":
        return named("http", "Apache", "CouchDB", string(version), cpe="apache:couchdb")
    if string(root.get("neo4j_version")):
        return named("http", "Neo4j", "Neo4j", string(root["neo4j_version"]), cpe="neo4j:neo4j")
    title = root.get("title")
    if isinstance(title, str) and title.startswith("qdrant"):
        return named("http", "Qdrant", "Qdrant", string(version), cpe="qdrant:qdrant")
    if root.get("kind") == "Status" and root.get("apiVersion") == "v1" and "status" in root:
        return named("http", "Kubernetes", "Kubernetes", None, cpe="kubernetes:kubernetes")
    return None

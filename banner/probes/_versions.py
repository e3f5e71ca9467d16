"""Where an application tells its version, if not on its first page: one more GET, and one field of the answer.

Only where the rules have named the product by its page and no version stood there; nothing else is ever asked for. The
paths need no login and change nothing; what wants a login refuses, and the version stays unknown.
Sources: the products' API references. A field is a key of a JSON object (dots lead into it, `+` joins numbers),
``@name`` an XML element's attribute, ``<name>`` an element's text, and empty where the whole text is the version.
"""

from __future__ import annotations

import re
from collections.abc import Generator
from functools import cache
from typing import Any

from ..dialogue import Ended, Probe, Talk, Want, Wire
from ..models import Service
from ._http import Answer, exchange, read_body
from ._roots import parse_object

NAME = "version"
"""What a record's ``said`` calls the question."""
PLACES = {
    "Airflow": ("/api/v1/version", "version"),
    "Alertmanager": ("/api/v2/status", "versionInfo.version"),
    "Argo CD": ("/api/version", "Version"),
    "Artifactory": ("/artifactory/api/system/version", "version"),
    "Audiobookshelf": ("/status", "serverVersion"),
    "AWX": ("/api/v2/ping/", "version"),
    "Bitbucket": ("/rest/api/1.0/application-properties", "version"),
    "Chroma": ("/api/v2/version", ""),
    "Coder": ("/api/v2/buildinfo", "version"),
    "Collabora Online": ("/hosting/capabilities", "productVersion"),
    "ComfyUI": ("/system_stats", "system.comfyui_version"),
    "Concourse": ("/api/v1/info", "version"),
    "Conduit": ("/_matrix/federation/v1/version", "server.version"),
    "conduwuit": ("/_matrix/federation/v1/version", "server.version"),
    "Confluence": ("/rest/applinks/1.0/manifest", "<version>"),
    "Consul": ("/v1/agent/self", "Config.Version"),
    "CVAT": ("/api/server/about", "version"),
    "Dendrite": ("/_matrix/federation/v1/version", "server.version"),
    "Dependency-Track": ("/api/version", "version"),
    "Drone": ("/version", "version"),
    "Emby Server": ("/System/Info/Public", "Version"),
    "etcd": ("/version", "etcdserver"),
    "Flink": ("/config", "flink-version"),
    "Flowise": ("/api/v1/version", "version"),
    "Forgejo": ("/api/v1/version", "version"),
    "Frigate": ("/api/version", ""),
    "Gitea": ("/api/v1/version", "version"),
    "go2rtc": ("/api", "version"),
    "Gotify": ("/version", "version"),
    "Grafana": ("/api/health", "version"),
    "Graylog": ("/api/", "version"),
    "Harbor": ("/api/v2.0/systeminfo", "harbor_version"),
    "Hasura": ("/v1/version", "version"),
    "iDRAC": ("/sysmgmt/2015/bmc/info", "Attributes.FwVer"),
    "iLO": ("/xmldata?item=All", "<FWRI>"),
    "Immich": ("/api/server/version", "major+minor+patch"),
    "InvokeAI": ("/api/v1/app/version", "version"),
    "Jellyfin": ("/System/Info/Public", "Version"),
    "Jellyseerr": ("/api/v1/status", "version"),
    "Jira": ("/rest/api/2/serverInfo", "version"),
    "Jupyter Server": ("/api", "version"),
    "JupyterHub": ("/hub/api", "version"),
    "Kafka UI": ("/actuator/info", "build.version"),
    "Kibana": ("/api/status", "version.number"),
    "Label Studio": ("/api/version", "release"),
    "Langflow": ("/api/v1/version", "version"),
    "Langfuse": ("/api/public/health", "version"),
    "LiteLLM": ("/health/readiness", "litellm_version"),
    "LocalAI": ("/version", "version"),
    "Mailpit": ("/api/v1/info", "Version"),
    "Mastodon": ("/api/v1/instance", "version"),
    "Matrix Synapse": ("/_matrix/federation/v1/version", "server.version"),
    "Mattermost Server": ("/api/v4/config/client?format=old", "Version"),
    "Mealie": ("/api/app/about", "version"),
    "Metabase": ("/api/session/properties", "version.tag"),
    "Misskey": ("/nodeinfo/2.0", "software.version"),
    "MLflow": ("/version", ""),
    "n8n": ("/rest/settings", "data.versionCli"),
    "Nacos": ("/nacos/v1/console/server/state", "version"),
    "Nautobot": ("/api/status/", "nautobot-version"),
    "NetBox": ("/api/status/", "netbox-version"),
    "NetData": ("/api/v1/info", "version"),
    "Nextcloud Server": ("/status.php", "versionstring"),
    "Nginx Proxy Manager": ("/api/", "version.major+version.minor+version.revision"),
    "NocoDB": ("/api/v1/version", "currentVersion"),
    "Node-RED": ("/settings", "version"),
    "Nomad": ("/v1/agent/self", "config.Version.Version"),
    "Notebook": ("/api", "version"),
    "Ollama": ("/api/version", "version"),
    "Open WebUI": ("/api/version", "version"),
    "openHAB": ("/rest/", "runtimeInfo.version"),
    "OpenObserve": ("/config", "version"),
    "OpenSearch Dashboards": ("/api/status", "version.number"),
    "Overseerr": ("/api/v1/status", "version"),
    "Owncast": ("/api/status", "versionNumber"),
    "ownCloud Server": ("/status.php", "versionstring"),
    "PeerTube": ("/api/v1/config", "serverVersion"),
    "Plex Media Server": ("/identity", "@version"),
    "Portainer": ("/api/system/status", "Version"),
    "Prefect": ("/api/admin/version", ""),
    "Presto": ("/v1/info", "nodeVersion.version"),
    "Prometheus": ("/api/v1/status/buildinfo", "data.version"),
    "Pushgateway": ("/api/v1/status", "data.build_information.version"),
    "qBittorrent": ("/api/v2/app/version", ""),
    "Rancher": ("/rancherversion", "Version"),
    "Ray Dashboard": ("/api/version", "ray_version"),
    "Rocket.Chat": ("/api/info", "version"),
    "SABnzbd": ("/api?mode=version&output=json", "version"),
    "Seafile": ("/api2/server-info/", "version"),
    "Solr": ("/solr/admin/info/system?wt=json", "lucene.solr-spec-version"),
    "SonarQube": ("/api/server/version", ""),
    "Stirling-PDF": ("/api/v1/info/status", "version"),
    "Temporal": ("/api/v1/settings", "Version"),
    "TensorBoard": ("/data/environment", "version"),
    "Thanos": ("/api/v1/status/buildinfo", "data.version"),
    "TheHive": ("/api/status", "versions.TheHive"),
    "Traccar": ("/api/server", "version"),
    "Traefik": ("/api/version", "Version"),
    "Trino": ("/v1/info", "nodeVersion.version"),
    "UniFi Controller": ("/status", "meta.server_version"),
    "Vault": ("/v1/sys/health", "version"),
    "Vaultwarden": ("/api/version", ""),
    "Vikunja": ("/api/v1/info", "version"),
    "vLLM": ("/version", "version"),
    "Weaviate": ("/v1/meta", "version"),
    "Zeppelin": ("/api/version", "body.version"),
    "Zipkin": ("/info", "zipkin.version"),
}
"""By the rules' name of the product: a path, and the field in which the version stands."""

_NUMBER = re.compile(r"\Av?(\d{1,6}(?:\.\d[\w.+~-]{0,40}|\Z))", re.ASCII)
_LONGEST = 128
"""Characters of a field that are looked at."""


def asking(service: Service) -> Probe | None:
    """The question for the version of `service`, where its product has a place in which it tells it."""
    place = PLACES.get(service.product or "")
    return None if place is None or service.confidence < 0.75 else _probe(*place)


@cache
def _probe(path: str, field: str) -> Probe:
    def talk(wire: Wire) -> Talk:
        answer = yield from exchange(wire, path)
        if answer is None:
            return None
        yield from _read(wire, answer)
        if (version := _version(answer, field)) is None:
            return None
        wire.details["version_path"] = path
        return wire.claim(Service("http", version=version))

    return Probe(NAME, talk=talk)


def _read(wire: Wire, answer: Answer) -> Generator[Want, None, None]:
    try:
        yield from read_body(wire, answer)
    except Ended:
        return  # as much as came may hold it


def _version(answer: Answer, field: str) -> str | None:
    body = answer.content()
    if field.startswith("@"):
        found = re.search(rf'\b{field[1:]}="([^"]{{1,{_LONGEST}}})"', _past_declaration(body))
        text = found[1] if found else ""
    elif field.startswith("<"):
        found = re.search(rf"{field}([^<]{{1,{_LONGEST}}})</", body.decode("latin-1"))
        text = found[1] if found else ""
    elif field:
        root = parse_object(body)
        text = ".".join(part for part in (_at(root, key) for key in field.split("+")) if part)
    else:
        text = body.decode("latin-1").strip().strip('"') if answer.head.status == 200 else ""
        text = "" if len(text) > _LONGEST else text
    for part in text[:_LONGEST].replace("/", " ").split():
        if number := _NUMBER.match(part):
            return number[1].rstrip(".+~-_")
    return None


def _past_declaration(body: bytes) -> str:
    """The body without the XML declaration, which has a version of its own (XML 1.0, section 2.8)."""
    text = body.decode("latin-1")
    return text.partition("?>")[2] if text.lstrip().startswith("<?xml") else text


def _at(root: dict[str, Any], path: str) -> str | None:
    value: Any = root
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else None

"""What a network owner finds today, by its answer to ``GET /``: own examples in the form of the products' documents."""

from __future__ import annotations

import re

import pytest

from banner import identify
from banner.recognition.build import BUILT_IN
from banner.recognition.collections.recog import read
from banner.recognition.headers import OWN

TITLES = [  # product, server, title
    ("Open WebUI", "uvicorn", "Open WebUI"),
    ("LiteLLM", "uvicorn", "LiteLLM API - Swagger UI"),
    ("llama.cpp", "llama.cpp", "🦙 llama.cpp - chat"),
    ("ComfyUI", "Python/3.11 aiohttp/3.9.3", "ComfyUI"),
    ("Gradio", "uvicorn", "Gradio"),
    ("Streamlit", "TornadoServer/6.4", "Streamlit"),
    ("MLflow", "gunicorn", "MLflow"),
    ("Ray Dashboard", "Python/3.9 aiohttp/3.9.3", "Ray Dashboard"),
    ("n8n", "", "n8n.io - Workflow Automation"),
    ("Dify", "", "Dify"),
    ("Langflow", "uvicorn", "Langflow"),
    ("Flowise", "", "Flowise - Build AI Agents, Visually"),
    ("Stable Diffusion web UI", "uvicorn", "Stable Diffusion"),
    ("TensorBoard", "Werkzeug", "TensorBoard"),
    ("Label Studio", "nginx", "Label Studio"),
    ("JupyterLab", "TornadoServer/6.4", "JupyterLab"),
    ("Jupyter Server", "TornadoServer/6.4", "Jupyter Server"),
    ("Airflow", "gunicorn", "Sign In - Airflow"),
    ("Vault", "", "Vault"),
    ("Nomad", "", "Jobs - Nomad"),
    ("Consul", "", "Consul by HashiCorp"),
    ("Prometheus", "", "Prometheus Time Series Collection and Processing Server"),
    ("Node Exporter", "", "Node Exporter"),
    ("Gitea", "nginx", "Gitea: Git with a cup of tea"),
    ("Forgejo", "", "Forgejo: Beyond coding. We forge."),
    ("Vaultwarden", "Rocket", "Vaultwarden Web"),
    ("Jellyfin", "Kestrel", "Jellyfin"),
    ("Home Assistant", "Python/3.12 aiohttp/3.9.3", "Home Assistant"),
    ("Virtual Environment", "pve-api-daemon/3.0", "pve1 - Proxmox Virtual Environment"),
    ("TrueNAS", "nginx", "TrueNAS - nas1"),
    ("Portainer", "", "Portainer"),
    ("Traefik", "", "Traefik Proxy"),
    ("Envoy", "envoy", "Envoy Admin"),
    ("Argo CD", "", "Argo CD"),
    ("Harbor", "nginx", "Harbor"),
    ("Keycloak", "", "Welcome to Keycloak"),
    ("Nextcloud Server", "Apache/2.4.57 (Debian)", "Login – Nextcloud"),
    ("Grafana", "", "Grafana"),
    ("SonarQube", "", "SonarQube"),
    ("Rancher", "", "Rancher"),
    ("Zabbix", "Apache/2.4.57 (Debian)", "Zabbix"),
    ("Uptime Kuma", "", "Uptime Kuma"),
    ("AdGuard Home", "", "AdGuard Home"),
    ("Node-RED", "", "Node-RED"),
    ("Sonarr", "Kestrel", "Login - Sonarr"),
    ("Radarr", "Kestrel", "Radarr"),
    ("Prowlarr", "Kestrel", "Prowlarr"),
    ("Immich", "nginx", "Immich"),
    ("Nginx Proxy Manager", "openresty", "Nginx Proxy Manager"),
    ("Mattermost Server", "", "Mattermost"),
    ("Authelia", "", "Login - Authelia"),
    ("phpMyAdmin", "Apache/2.4.57 (Debian)", "phpMyAdmin"),
    ("NetData", "", "Netdata Agent Console"),
    ("ESPHome", "TornadoServer/6.4", "Dashboard - ESPHome"),
    ("Dendrite", "", "Dendrite is running"),
    ("Kasm Workspaces", "nginx", "Kasm Workspaces"),
    ("Nagios XI", "Apache", "Login &bull; Nagios XI"),
    ("Checkmk", "Apache", "Checkmk Local site main"),
    ("GLPI", "nginx", "Authentication - GLPI"),
    ("Trilium Notes", "", "TriliumNext Notes"),
    ("Joplin Server", "", "Login - Joplin Server"),
]
ANSWERS = [  # product, version, head, body
    ("Ollama", None, "200 OK\r\nContent-Type: text/plain", "Ollama is running"),
    ("LM Studio", None, "200 OK\r\nX-Powered-By: Express", '{"error":"Unexpected endpoint or method. (GET /)"}'),
    ("vLLM", None, "200 OK\r\nServer: uvicorn", '{"object":"list","data":[{"id":"a","owned_by":"vllm"}]}'),
    ("Chroma", None, "404 Not Found\r\nServer: uvicorn\r\nchroma-trace-id: 0", '{"detail":"Not Found"}'),
    ("Qdrant", "1.8.4", "200 OK", '{"title":"qdrant - vector search engine","version":"1.8.4"}'),
    (
        "Weaviate", None, "200 OK",
        '{"links":[{"href":"/v1/meta","name":"Meta information about this instance/cluster"}]}',
    ),
    ("Triton Inference Server", "2.44.0", "200 OK", '{"name":"triton","version":"2.44.0","extensions":[]}'),
    (
        "MCP server", None, "406 Not Acceptable\r\nServer: uvicorn",
        '{"jsonrpc":"2.0","id":"server-error","error":{"code":-32600,'
        '"message":"Not Acceptable: Client must accept text/event-stream"}}',
    ),
    ("Consul", None, "301 Moved Permanently\r\nLocation: /ui/\r\nX-Consul-Default-Acl-Policy: allow", ""),
    ("etcd", "3.5.12", "200 OK", '{"etcdserver":"3.5.12","etcdcluster":"3.5.0"}'),
    ("MinIO", None, "403 Forbidden\r\nServer: MinIO", "<Error/>"),
    ("Plex Media Server", None, "401 Unauthorized\r\nX-Plex-Protocol: 1.0", "<title>Unauthorized</title>"),
    ("Kibana", None, "302 Found\r\nlocation: /spaces/enter\r\nkbn-license-sig: 0a", ""),
    ("InfluxDB", "2.7.5", "404 Not Found\r\nX-Influxdb-Version: v2.7.5", ""),
    ("Jenkins", "2.440.1", "403 Forbidden\r\nX-Jenkins: 2.440.1\r\nServer: Jetty(10.0.18)", ""),
    ("Artifactory", "7.77.5", "302 Found\r\nX-JFrog-Version: Artifactory/7.77.5 77705900", ""),
    ("Pi-hole", None, "403 Forbidden\r\nServer: lighttpd/1.4.59\r\nX-Pi-hole: A black hole", ""),
    ("Registry", None, "200 OK\r\nDocker-Distribution-Api-Version: registry/2.0", "{}"),
    ("Caddy", None, "200 OK\r\nServer: Caddy", ""),
    ("Kubernetes", "1.29.2", "200 OK", '{\n "major": "1",\n "minor": "29",\n "gitVersion": "v1.29.2"}'),
    ("OpenSearch Dashboards", None, "302 Found\r\nlocation: /app/login\r\nosd-name: search1", ""),
    ("HedgeDoc", "1.9.9", "200 OK\r\nX-Powered-By: Express\r\nHedgeDoc-Version: 1.9.9", ""),
    ("Chronograf", "1.9.4", "200 OK\r\nX-Chronograf-Version: 1.9.4", ""),
    ("Harbor", None, "404 Not Found\r\nServer: nginx\r\nX-Harbor-Csrf-Token: AAAA", "{}"),
    ("WordPress", None, '200 OK\r\nLink: <https://b.example/wp-json/>; rel="https://api.w.org/"', "<p>Hello</p>"),
    ("Cockpit", None, "200 OK\r\nSet-Cookie: cockpit=deleted; PATH=/; HttpOnly", "<title>Loading...</title>"),
    ("BookStack", None, "302 Found\r\nSet-Cookie: bookstack_session=eyJpdiI6; path=/", ""),
    ("iDRAC", None, "302 Found\r\nServer: Apache\r\nLocation: /restgui/start.html", ""),
    ("Checkmk", None, "302 Found\r\nLocation: /main/check_mk/login.py?_origtarget=index.py", ""),
    ("ESXi", None, "200 OK", '<meta name="description" content="VMware ESXi is virtual infrastructure software">'),
    ("Conduit", None, "200 OK\r\nContent-Type: text/plain", "Hello from Conduit!"),
    ("live-server", None, "200 OK", "<h1>Mine</h1><!-- Code injected by live-server -->\n<script>"),
    ("webpack-dev-server", None, "200 OK", '<script src="/webpack-dev-server.js"></script>'),
    ("Jaeger", "1.54.0", "200 OK", '<script>const JAEGER_VERSION = {"gitVersion":"v1.54.0"};</script>'),
]  # fmt: skip


@pytest.mark.parametrize(("product", "server", "title"), TITLES)
def test_an_application_is_named_by_its_title(product: str, server: str, title: str) -> None:
    head = f"Server: {server}\r\n" if server else ""
    page = (
        f"HTTP/1.1 200 OK\r\n{head}Content-Type: text/html\r\n\r\n<html><head><title>{title}</title></head>"
    )
    found = identify(page.encode(), port=80)
    assert found is not None
    assert (found.name, found.product) == ("http", product)


@pytest.mark.parametrize(("product", "version", "head", "body"), ANSWERS)
def test_an_application_is_named_by_its_words(
    product: str, version: str | None, head: str, body: str
) -> None:
    found = identify(f"HTTP/1.1 {head}\r\n\r\n{body}".encode(), port=80)
    assert found is not None
    assert (found.product, found.version) == (product, version)


def test_rules_and_reader_know_the_same_fields_of_their_own() -> None:
    rules = read(BUILT_IN / "http_own.xml").rules
    assert {re.match(r"\^([a-z0-9-]+): ", rule.pattern)[1] for rule in rules} == OWN  # type: ignore[index]


OWN_WORDS = [  # product, fields of the head, body: a page of a server's or an application's own making
    (
        "HAProxy",
        "",
        "<html><body><h1>504 Gateway Time-out</h1>\nThe server didn't respond in time.\n</body></html>\n",
    ),
    ("HAProxy", 'WWW-Authenticate: Basic realm="HAProxy Statistics"\r\n', "<html><body>no</body></html>"),
    (
        "PHP",
        "",
        '<p>The requested resource <code class="url">/a</code> was not found on this server.</p></body></html>',
    ),
    (
        "BusyBox httpd",
        "",
        "<HTML><HEAD><TITLE>404 Not Found</TITLE></HEAD>\n"
        "<BODY><H1>404 Not Found</H1>\nThe requested URL was not found\n</BODY></HTML>\n",
    ),
    ("Sanic", "", "⚠️ 404 — Not Found\n==================\nRequested URL  not found\n\n"),
    ("Fastify", "", '{"message":"Route GET:/ not found","error":"Not Found","statusCode":404}'),
    ("Restify", "Server: restify\r\n", '{"code":"ResourceNotFound","message":"/ does not exist"}'),
    ("uStreamer", "", "<title>uStreamer</title></head><body><h3>&micro;Streamer v4.9</h3> <hr>"),
    ("Fossil", "", "<html>\n<p>Redirect to Location: http://127.0.0.1:8080/index\n</p>\n</html>\n"),
    ("Dash", "Server: Werkzeug/3.1.9 Python/3.11.7\r\n", '<title>Sales</title><div class="_dash-loading">'),
    ("Vite", "", '<script type="module" src="/@vite/client"></script><title>Mine</title>'),
    ("Bokeh", "Server: TornadoServer/6.4\r\n", "<html><title>Bokeh Application</title></html>"),
    ("Verdaccio", "X-Powered-By: hidden\r\n", "<title>Verdaccio</title>"),
    ("JSON Server", "X-Powered-By: Express\r\n", "<title>JSON Server</title>"),
    ("Flower", "Server: TornadoServer/6.4\r\n", "<title>Workers · Flower</title>"),
    ("Prometheus", "Location: /classic/graph\r\n", '<a href="/classic/graph">Found</a>.'),
]


@pytest.mark.parametrize(("product", "fields", "body"), OWN_WORDS)
def test_who_names_nobody_is_told_by_its_own_words(product: str, fields: str, body: str) -> None:
    answer = f"HTTP/1.1 404 Not Found\r\nContent-Type: text/html; charset=utf-8\r\n{fields}\r\n{body}"
    service = identify(answer.encode(), port=8080)
    assert service is not None
    assert service.product == product


@pytest.mark.parametrize(
    "body",
    [
        "<html><body><h1>503 Service Unavailable</h1>\nNo server of ours is available.\n</body></html>",
        "<HTML><HEAD><TITLE>404 Not Found</TITLE></HEAD><BODY><H1>404 Not Found</H1></BODY></HTML>",
        '{"statusCode":404,"error":"Not Found","message":"Not Found"}',
        "404 page not found\n",
    ],
)
def test_words_that_many_servers_say_name_nobody(body: str) -> None:
    service = identify(f"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n{body}".encode(), port=8080)
    assert service is not None
    assert service.product is None


@pytest.mark.parametrize(
    ("fields", "body"),
    [
        ("", "<title>Netdata Agent Console: how to</title>"),
        ("", "<title>Is Dendrite is running</title>"),
        ("", "<title>Nagios XI or Zabbix?</title>"),
        ("", "<title>Apache Flink explained</title>"),
        ("", "<title>Tableau Server for those who began yesterday</title>"),
        ("", "<title>Blue Iris, and how to paint it</title>"),
        ("", "<title>Livebox concerts</title>"),
        ("", "<title>Checkmk Local site main, explained at length</title>"),
        ("", "<title>Dashy dashboards</title>"),
        ("Link: <https://b.example/style.css>; rel=preload\r\n", "<p>Hello</p>"),
        ('Link: <https://api.w.org/>; rel="canonical"\r\n', "<p>Hello</p>"),
        ("Set-Cookie: cockpit=1; path=/\r\n", ""),
        ("Set-Cookie: auth_key=1; path=/\r\n", ""),
        ("Set-Cookie: sidebar_collapsed=false; path=/\r\n", ""),
        ("Location: /docs/restgui/start.html\r\n", ""),
        ("Location: /check_mk/\r\n", ""),
        ("Location: /main/check_mk/view.html\r\n", ""),
        ("", "Hello from Conduit! And from me."),
        ("", "<p>We sell VMware ESXi</p>"),
        ("", "<p>Code injected by live-server</p>"),
        ("", '<a href="/webpack-dev-server.js">our talk</a>'),
        ("OSD-Names: a\r\n", ""),
    ],
)
def test_what_is_nearly_an_application_names_nobody(fields: str, body: str) -> None:
    answer = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{fields}\r\n{body}"
    service = identify(answer.encode(), port=8080)
    assert service is not None
    assert service.product is None


@pytest.mark.parametrize(
    ("server", "product"),
    [
        ("Cool+/2.1", "Cool+"),
        ("Cool++ 2.1", "Cool++"),
        ("HTTP+/2.1", None),
        ("Server+ 2.1", None),
        ("Linux+HTTP/1.1", None),
        ("Cool+PHP/8.2", None),  # whose the number is is not said
    ],
)
def test_a_plus_ends_a_name_and_joins_none(server: str, product: str | None) -> None:
    service = identify(f"HTTP/1.1 200 OK\r\nServer: {server}\r\n\r\n".encode(), port=80)
    assert service is not None
    assert service.product == product

"""An application's own word counts before that of the server that it runs on: whatever stands in front of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from banner import Rules
from banner.recognition.servers import serves_others
from tests.recognition.corpus import framed

SERVERS = [
    "uvicorn", "gunicorn", "gunicorn/20.1.0", "Werkzeug/2.3.7 Python/3.11.4", "TornadoServer/6.3.3",
    "nginx", "nginx/1.25.3", "Apache/2.4.57 (Debian)", "Kestrel", "Jetty(9.4.51.v20230217)",
    "Microsoft-IIS/10.0", "openresty/1.21.4.1", "Caddy", "lighttpd/1.4.69", "cloudflare", "envoy",
    "Python/3.11 aiohttp/3.8.5", "Cowboy", "Apache-Coyote/1.1", "hypercorn-h11",
    "SimpleHTTP/0.6 Python/3.11.2", "LiteSpeed", "istio-envoy", "AmazonS3Lookalike/1.0",
]  # fmt: skip
TITLES = {
    "Grafana": "Grafana", "Jenkins": "Dashboard [Jenkins]", "Gitea": "Gitea: Git with a cup of tea",
    "Kibana": "Kibana",
    "phpMyAdmin": "phpMyAdmin", "Portainer": "Portainer", "Vaultwarden": "Vaultwarden Web",
    "Nextcloud Server": "Nextcloud",
}  # fmt: skip


@pytest.fixture(scope="module")
def rules() -> Rules:
    return Rules(remembered=0)


def page(server: str, title: str, more: str = "") -> bytes:
    return (
        f"HTTP/1.1 200 OK\r\nServer: {server}\r\n{more}Content-Type: text/html\r\n\r\n"
        f"<html><head><title>{title}</title></head></html>"
    ).encode()


@pytest.mark.parametrize("server", SERVERS)
@pytest.mark.parametrize("product", TITLES)
def test_a_page_names_its_application_whatever_serves_it(server: str, product: str, rules: Rules) -> None:
    found = rules.identify(page(server, TITLES[product]))
    assert found is not None
    assert found.product == product


def test_the_server_stays_beside_the_application(rules: Rules) -> None:
    found = rules.identify(page("nginx/1.25.3", "Grafana", "X-Powered-By: PHP/8.2.7\r\n"))
    assert found is not None
    assert (found.product, found.version) == ("Grafana", None)
    assert found.info is not None
    assert {"nginx/1.25.3", "PHP/8.2.7"} <= set(found.info.split(", "))


@pytest.mark.parametrize(
    ("server", "title", "product"),
    [
        ("openresty", "Welcome to nginx!", "OpenResty"),
        ("nginx/1.25.3", "My cat and I", "nginx"),
        ("nginx/1.25.3", "Apache2 Debian Default Page: It works", "nginx"),
        ("envoy", "Envoy Admin", "Envoy"),
    ],
)
def test_a_page_of_a_server_is_no_application(server: str, title: str, product: str, rules: Rules) -> None:
    found = rules.identify(page(server, title))
    assert found is not None
    assert found.product == product
    assert found.device is None


def test_a_cookie_of_a_language_is_no_application(rules: Rules) -> None:
    found = rules.identify(page("nginx/1.25.3", "x", "Set-Cookie: PHPSESSID=a; path=/\r\n"))
    assert found is not None
    assert (found.product, found.version) == ("nginx", "1.25.3")


def test_a_given_rule_for_a_server_leaves_the_application(tmp_path: Path) -> None:
    (tmp_path / "given.xml").write_text(
        '<fingerprints matches="http_header.server" protocol="http"><fingerprint pattern="^nginx/(\\S+)">'
        "<description>x</description>"
        '<param pos="0" name="service.product" value="nginx"/><param pos="1" name="service.version"/>'
        "</fingerprint></fingerprints>"
    )
    found = Rules(tmp_path, remembered=0).identify(page("nginx/1.25.3", "Grafana"))
    assert found is not None
    assert found.product == "Grafana"


@pytest.mark.parametrize("server", ["Apache HTTP Server", "apache httpd", "Uvicorn", "BaseHTTPServer", "IIS"])
def test_names_of_servers_are_known_in_any_spelling(server: str) -> None:
    assert serves_others(server)
    assert not serves_others("Open WebUI")


def test_an_unfinished_title_says_no_more_than_its_whole_words(rules: Rules) -> None:
    whole = framed("html_title", "HP Officejet Pro 8600")
    assert whole is not None
    found = rules.identify(whole.partition("600<")[0].encode())
    assert found is not None
    assert found.product == "Officejet Pro"

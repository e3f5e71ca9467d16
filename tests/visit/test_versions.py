"""An application that tells its version in a place of its own is asked for it, once, and nobody else is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from banner import Grab, Mode, Status, Target, Timeouts, grab, identify, probes, scan, testing
from banner.models import Service
from banner.plan.greeting import completed
from banner.probes._versions import PLACES
from banner.recognition.build import BUILT_IN
from banner.recognition.collections.recog import read
from tests.probes.conversation import play, server
from tests.tls_peer import lax_context
from tests.usual import usual

Visitor = Callable[..., Awaitable[Grab]]
SOON = Timeouts(connect=5, read=5, total=20)
HEAD = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n"


def answer(body: str, kind: str = "application/json") -> bytes:
    return (HEAD.format(kind=kind, length=len(body)) + body).encode()


def page(title: str) -> bytes:
    return answer(f"<html><head><title>{title}</title></head></html>", "text/html")


@pytest.fixture(params=["sweep", "streams", "grab"])
def visit(request: pytest.FixtureRequest) -> Visitor:
    async def visited(port: int, **options: object) -> Grab:
        options = {"timeouts": SOON} | options
        if request.param == "grab":
            return await grab("127.0.0.1", port, **options)  # type: ignore[arg-type]
        async with scan([Target("127.0.0.1", port)], driver=request.param, **options) as results:  # type: ignore[arg-type]
            return await anext(results)

    return visited


class Site:
    """Answers by path, and writes down what was asked for."""

    def __init__(self, pages: dict[str, bytes], *, tls: bool = False) -> None:
        self.pages = pages
        self.asked: list[str] = []
        self._tls = tls

    async def __call__(self, connection: testing.Connection) -> None:
        said = await connection.read()
        if self._tls:
            await connection.start_tls(lax_context(), said)
            said = await connection.read()
        if not said:
            return
        path = said.split(b" ")[1].decode()
        self.asked.append(path)
        if path in self.pages:
            await connection.write(self.pages[path])


GRAFANA = {"/": page("Grafana"), "/api/health": answer('{"database": "ok", "version": "10.2.3"}')}


async def test_an_application_is_asked_for_its_version(visit: Visitor) -> None:
    site = Site(GRAFANA)
    async with testing.serve(site) as at:
        with usual("http", ports=(at.port,)):
            got = await visit(at.port)
    assert site.asked == ["/", "/api/health"]
    assert got.status is Status.BANNER
    assert got.service is not None
    assert (got.service.product, got.service.version) == ("Grafana", "10.2.3")
    assert got.service.cpe == ("cpe:2.3:a:grafana:grafana:10.2.3:*:*:*:*:*:*:*",)
    assert got.details["title"] == "Grafana"
    assert got.details["version_path"] == "/api/health"
    assert got.banner == GRAFANA["/"]
    assert got.probe == "http"
    assert got.said == ("http", "version")
    assert got.connections == 2
    assert got.received == sum(map(len, GRAFANA.values()))


async def test_inside_tls_it_is_asked_inside(visit: Visitor) -> None:
    site = Site(GRAFANA, tls=True)
    async with testing.serve(site) as at:
        with usual("http", ports=(), tls_ports=(at.port,)):
            got = await visit(at.port)
    assert site.asked == ["/", "/api/health"]
    assert got.service is not None
    assert got.service.version == "10.2.3"
    assert got.tls is not None
    assert (got.tls.error, got.error) == (None, None)
    assert [name for name in got.said if name != "tls"] == ["http", "version"]


ETCD = (
    b"HTTP/1.1 404 Not Found\r\nAccess-Control-Allow-Headers: accept, content-type, authorization\r\n"
    b"Access-Control-Allow-Methods: POST, GET, OPTIONS, PUT, DELETE\r\nAccess-Control-Allow-Origin: *\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\nContent-Length: 19\r\n\r\n404 page not found\n"
)


async def test_etcd_is_known_by_its_head_and_asked_for_its_version(visit: Visitor) -> None:
    site = Site({"/": ETCD, "/version": answer('{"etcdserver":"3.4.23","etcdcluster":"3.4.0"}')})
    async with testing.serve(site) as at:
        with usual("http", ports=(at.port,)):
            got = await visit(at.port)
    assert site.asked == ["/", "/version"]
    assert got.service is not None
    assert (got.service.product, got.service.version) == ("etcd", "3.4.23")


@pytest.mark.parametrize(
    "changed", [(b"accept, c", b"Accept, c"), (b"PUT, DELETE", b"PUT"), (b"page not", b"path not")]
)
async def test_who_answers_much_like_etcd_is_no_etcd(visit: Visitor, changed: tuple[bytes, bytes]) -> None:
    site = Site({"/": ETCD.replace(*changed)})
    async with testing.serve(site) as at:
        with usual("http", ports=(at.port,)):
            got = await visit(at.port)
    assert site.asked == ["/"]
    assert got.service is None or got.service.product is None


@pytest.mark.parametrize(
    "pages",
    [
        {"/": page("Grafana")},
        {"/": page("Grafana"), "/api/health": page("Grafana")},
        {"/": page("Grafana"), "/api/health": b"\0\1\2 no HTTP"},
        {"/": page("Grafana"), "/api/health": answer('{"version": {"version": "10.2.3"}}')},
    ],
    ids=["closes", "the same page", "garbage", "another form"],
)
async def test_who_does_not_tell_is_told_as_he_was(visit: Visitor, pages: dict[str, bytes]) -> None:
    async with testing.serve(Site(pages)) as at:
        with usual("http", ports=(at.port,)):
            got = await visit(at.port)
    assert (got.status, got.error, got.banner) == (Status.BANNER, None, pages["/"])
    assert got.service is not None
    assert (got.service.product, got.service.version) == ("Grafana", None)
    assert "version_path" not in got.details


@pytest.mark.parametrize(
    "first",
    [
        page("A page of somebody"),
        answer('{"title":"qdrant - vector search engine","version":"1.8.4"}'),
        b"HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Length: 0\r\n\r\n",
        page("Grafana for beginners"),
    ],
    ids=["nobody", "version known", "a server", "a sentence"],
)
async def test_nobody_else_is_asked(visit: Visitor, first: bytes) -> None:
    site = Site({"/": first})
    async with testing.serve(site) as at:
        with usual("http", ports=(at.port,)):
            got = await visit(at.port)
    assert site.asked == ["/"]
    assert got.connections == 1


async def test_who_only_listens_asks_for_nothing(visit: Visitor) -> None:
    site = Site(GRAFANA)
    async with testing.serve(site) as at:
        got = await visit(at.port, mode=Mode.LISTEN, timeouts=Timeouts(connect=2, read=0.2, total=2))
    assert site.asked == []
    assert got.said == ()


@pytest.mark.parametrize(
    ("product", "body", "version"),
    [
        ("Ollama", answer('{"version":"0.1.32"}'), "0.1.32"),
        ("Prometheus", answer('{"status":"success","data":{"version":"2.51.1"}}'), "2.51.1"),
        ("Argo CD", answer('{"Version":"v2.10.4+f5d63a5"}'), "2.10.4+f5d63a5"),
        ("Trino", answer('{"nodeVersion":{"version":"444"}}'), "444"),
        ("Immich", answer('{"major":1,"minor":101,"patch":0}'), "1.101.0"),
        (
            "Nginx Proxy Manager",
            answer('{"status":"OK","version":{"major":2,"minor":11,"revision":1}}'),
            "2.11.1",
        ),
        ("SonarQube", answer("10.4.1.88267", "text/plain"), "10.4.1.88267"),
        ("Chroma", answer('"0.5.20"'), "0.5.20"),
        (
            "Plex Media Server",
            answer(
                '<?xml version="1.0"?><MediaContainer size="0" version="1.40.1.8227-c0dd5a73e"/>', "text/xml"
            ),
            "1.40.1.8227-c0dd5a73e",
        ),
        ("iLO", answer("<RIMP><MP><FWRI>2.78</FWRI></MP></RIMP>", "application/xml"), "2.78"),
        ("iLO", answer("<RIMP><MP><FWRI>Bios</FWRI></MP></RIMP>", "application/xml"), None),
        ("iDRAC", answer('{"Attributes":{"FwVer":"6.10.30.00","iDRACName":"idrac"}}'), "6.10.30.00"),
        ("UniFi Controller", answer('{"meta":{"rc":"ok","server_version":"8.0.24"},"data":[]}'), "8.0.24"),
        ("Solr", answer('{"lucene":{"solr-spec-version":"9.4.0"}}'), "9.4.0"),
        ("qBittorrent", answer("v4.6.3", "text/plain"), "4.6.3"),
        ("qBittorrent", b"HTTP/1.1 403 Forbidden\r\nContent-Length: 9\r\n\r\n1.2.3 not", None),
        ("Vault", b"HTTP/1.1 503 x\r\n\r\n" + b'{"sealed":true,"version":"1.16.0"}', "1.16.0"),
        ("SonarQube", b"HTTP/1.1 401 x\r\n\r\n10.4.1", None),
        ("Grafana", answer('{"version":"unknown"}'), None),
        ("Grafana", answer('{"version":true}'), None),
        ("Grafana", answer("[1]"), None),
        ("Grafana", b"", None),
        ("Grafana", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{", None),
    ],
)
@pytest.mark.parametrize("size", [0, 1])
def test_what_an_answer_tells(product: str, body: bytes, version: str | None, size: int) -> None:
    probe = probes.asking_for_version(Service("http", product=product, confidence=0.85))
    assert probe is not None
    played = play(probe, [server(body)], strict=False, size=size)
    assert (played.service and played.service.version) == version


def test_every_product_of_the_table_is_one_that_rules_name() -> None:
    rules = [rule for path in BUILT_IN.glob("http_*.xml") for rule in read(path).rules]
    named = {rule.constants.get("service.product") for rule in rules}
    named |= {found.product for product in PLACES if (found := identify(page(product)))}
    assert not set(PLACES) - named
    assert all(path.startswith("/") and " " not in path for path, _ in PLACES.values())


@pytest.mark.parametrize("version", ["1.2.3", "1.2.3-rc1", "1.2.3+build.7"])
def test_a_version_that_came_later_stands_in_the_cpe_name(version: str) -> None:
    found = identify(page("Grafana"))
    assert found is not None
    assert completed(found, version).cpe[0].split(":")[5] == "1.2.3"

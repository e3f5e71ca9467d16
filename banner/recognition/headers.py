"""Answers that begin with a status line and headers: HTTP (RFC 9112), RTSP (RFC 7826), SIP (RFC 3261)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import msgspec

from ..text.patterns import lazily
from . import markup
from . import page as pages
from .fields import BY_STRUCTURE, LIMIT, Reading, as_text

_HTTP = {
    "server": "http_header.server", "icy-notice2": "http_header.server", "www-authenticate": "http_header.wwwauth",
    "set-cookie": "http_header.cookie",
    "x-powered-by": "http_header.powered_by", "x-aspnet-version": "http_header.powered_by",
    "x-generator": "http_header.generator", "via": "http_header.via", "location": "http_header.location",
}  # fmt: skip
_RTSP = {"server": "rtsp_header.server", "www-authenticate": "http_header.wwwauth"}
_SIP = {"server": "sip_header.server", "user-agent": "sip_header.user_agent"}
_RANK = {
    key: rank
    for rank, key in enumerate((
        "http_header.own", "http_header.server", "rtsp_header.server", "sip_header.server", "sip_header.user_agent",
        "http_header.wwwauth", "html_title", "http_header.cookie", "http_header.powered_by",
        "html_generator", "http_header.generator",
        "http_header.via", "http_header.location", "http_body",
    ))
}  # fmt: skip
_TITLE = _RANK["html_title"]
OWN = frozenset((
    "chroma-trace-id", "docker-distribution-api-version", "hedgedoc-version", "kbn-license-sig", "kbn-name",
    "kbn-version", "link",
    "mcp-protocol-version", "mcp-session-id", "microsoftsharepointteamservices", "osd-name",
    "x-appwrite-version", "x-arango-queue-time-seconds", "x-artifactory-id", "x-artifactory-node-id",
    "x-authentik-id", "x-chronograf-version", "x-clickhouse-format", "x-clickhouse-server-display-name",
    "x-clickhouse-summary", "x-confluence-request-time", "x-consul-default-acl-policy",
    "x-consul-effective-consistency", "x-consul-index", "x-consul-knownleader", "x-couch-request-id",
    "x-couchdb-body-time", "x-discourse-route", "x-drone-version", "x-drupal-cache", "x-drupal-dynamic-cache",
    "x-elastic-product", "x-etcd-cluster-id", "x-feserver", "x-gitlab-feature-category", "x-gitlab-meta",
    "x-graylog-node-id", "x-harbor-csrf-token", "x-influxdb-build", "x-influxdb-version", "x-jenkins",
    "x-jfrog-version", "x-jupyterhub-version", "x-kapacitor-version", "x-litellm-call-id", "x-litellm-version",
    "x-magento-cache-debug", "x-magento-tags", "x-matomo-request-id", "x-minio-deployment-id", "x-nomad-index",
    "x-nomad-knownleader", "x-owa-version", "x-pi-hole", "x-plex-protocol", "x-rancher-version",
    "x-sabnzbd-version", "x-syncthing-version", "x-teamcity-node-id", "x-transmission-session-id",
    "x-umbraco-version", "x-vault-index", "x-woodpecker-version",
))  # fmt: skip
"""Fields in which one product alone names itself, a relation of Link among them: rules get the field and its name."""
_TOLD = {
    "server": "http_header.server", "title": "html_title", "generator": "html_generator",
    "location": "http_header.location",
    "x_powered_by": "http_header.powered_by", "via": "http_header.via", "www_authenticate": "http_header.wwwauth",
}  # fmt: skip
SECOND = frozenset(("x-aspnet-version", "icy-notice2"))
"""Names that share their key with another."""
Lines = list[tuple[str, str]]
"""The fields of a head: names in lower case, and values."""
_NO_PAGE = ("image/", "video/", "audio/", "font/")


_INFORMATIONAL = lazily(r"(?:(?:HTTP/1\.\d|SIP/2\.0) 1(?!01)\d\d\b[^\n]*\n(?:[^\r\n][^\n]*\n)*\r?\n){1,4}")
"""Heads before the answer itself (RFC 9110, section 15.2; RFC 3261, section 21.1); 101 is an answer."""
_FOLDED = lazily(r"\r?\n[ \t]+")


def http(data: bytes) -> Reading:
    """An HTTP answer: its head's fields, and the page as its reader sees it. Each field at most `LIMIT` long."""
    head, body = _final(data)
    fields, noted = _fields(as_text(head), _OF_HTTP)
    fields.sort(key=_rank)
    return _of_http(fields, _page_of(noted, body) if body else None)


def answered(head: Mapping[str, Sequence[str]], said: markup.Page | None) -> Reading:
    """`http` of an answer of which a dialogue has read the `head`, values by names, and what its page `said`, where
    there is one. But for cookies, no two fields of the head may have the same key: of such a one, details say less
    (`told`). None may be longer than `LIMIT`."""
    fields = [
        (key, f"{name}: {value}"[:LIMIT] if key == _OWN_KEY else value)
        for key, name in _asked(tuple(head))
        for value in head[name]
        if value
    ]
    return _of_http(fields, None if said is None else _shown(said))


@lru_cache(256)  # servers agree in the fields that they send
def _asked(names: tuple[str, ...]) -> list[tuple[str, str]]:
    """With which of the fields of these `names` the rules are asked: their keys and names, in order."""
    return sorted([(key, name) for name in names if (key := _OF_HTTP.get(name))], key=_rank)


def _of_http(fields: list[tuple[str, str]], shown: list[tuple[str, str]] | None) -> Reading:
    """The `fields` of a head, in order, and those that its page has `shown`."""
    if shown:
        before = not fields or _rank(fields[-1]) < _TITLE
        fields += shown
        if not before:
            fields.sort(key=_rank)
    return Reading("http", fields, BY_STRUCTURE)


def told(details: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """The fields that a dialogue parsed, from a record's ``details``: its banner may hold only their beginning."""
    found: list[tuple[str, str]] = []
    for name, key in _TOLD.items():
        if value := details.get(name):  # an answer has few of them
            if isinstance(value, str):
                found.append((key, value))
            elif isinstance(value, list):
                found += [(key, text) for text in value if isinstance(text, str) and text]
    return tuple(found)


def completed(reading: Reading, fields: tuple[tuple[str, str], ...]) -> Reading:
    """`reading` with `fields` (`told`) in the place of those of its own keys; a second ``Server`` stays."""
    if not fields:
        return reading
    keys = {key for key, _ in fields}
    own = [field for field in reading.fields if field[0] in keys]
    if own == [*fields] or sorted(own) == sorted(fields):
        return reading  # nearly always: its data are all that the dialogue read
    complete = [*fields, *[one for one in reading.fields if one[0] not in keys or _is_another(one, fields)]]
    if reading.protocol == "http":  # and no dialogue's over UDP (`datagrams.told`)
        complete.sort(key=_rank)
    return msgspec.structs.replace(reading, fields=complete)


_TOLD_ONCE = frozenset(("http_header.server", "http_header.powered_by"))
"""Headers of which a dialogue tells the first alone, where an answer may have several."""


def _is_another(field: tuple[str, str], fields: tuple[tuple[str, str], ...]) -> bool:
    """Whether `field` is a further header: neither in `fields` nor the beginning of one of them."""
    return field[0] in _TOLD_ONCE and not any(
        key == field[0] and text.startswith(field[1]) for key, text in fields
    )


def _final(data: bytes) -> tuple[bytes, bytes]:
    """Head and body of the final answer; up to four informational ones (RFC 9110, section 15.2) may precede it."""
    if data[9:10] == b"1":
        for _ in range(4):
            if not data.startswith(b"HTTP/") or data[8:10] != b" 1" or data[8:12] == b" 101":
                break
            _, _, rest = data.partition(b"\r\n\r\n")
            if not rest.startswith(b"HTTP/"):
                break
            data = rest
    head, gap, body = data.partition(b"\r\n\r\n")
    if not gap:
        head, _, body = data.partition(b"\n\n")
    return head, body


def _page_of(noted: dict[str, str], body: bytes) -> list[tuple[str, str]]:
    if (coding := noted.get("transfer-encoding")) and "chunked" in coding.lower():
        body = pages.joined(body)
    if coding := noted.get("content-encoding"):
        body = pages.inflated(body, coding)
    kind = noted.get("content-type", "")
    return [] if not body or kind.lower().startswith(_NO_PAGE) else page(body, kind)


def rtsp(text: str) -> Reading | None:
    """An RTSP answer; a page of HTML without CSeq (RFC 2326, section 12.17) is an HTTP server's, which repeats whatever
    protocol a request names."""
    fields, noted = _fields(_split(text)[0], _OF_RTSP)
    if "cseq" not in noted and "text/html" in noted.get("content-type", "").lower():
        return None
    return Reading("rtsp", sorted(fields, key=_rank), BY_STRUCTURE)


def sip(text: str) -> Reading | None:
    """A SIP answer: one without Via, CSeq and Call-ID is none (RFC 3261, section 8.2.6.2)."""
    fields, noted = _fields(_split(final(text))[0], _OF_SIP)
    if not ("cseq" in noted and ("via" in noted or "v" in noted) and ("call-id" in noted or "i" in noted)):
        return None
    return Reading("sip", sorted(fields, key=_rank), BY_STRUCTURE)


def page(body: bytes, content_type: str = "") -> list[tuple[str, str]]:
    """The fields of a page: its title, also one that was cut, its generator, its beginning."""
    return _shown(markup.read(body, content_type))


def _shown(said: markup.Page) -> list[tuple[str, str]]:
    fields = []
    if said.title:
        fields.append(("html_title", said.title))
    if said.generator:
        fields.append(("html_generator", said.generator))
    fields.append(("http_body", said.text[:LIMIT]))
    return fields


def final(text: str) -> str:
    """`text` without the provisional answers before the final one."""
    if text[9:10] == "1" or text[8:9] == "1":
        return text[found.end() :] if (found := _INFORMATIONAL.match(text)) else text
    return text


def unfolded(head: str) -> str:
    """`head` with its folded lines joined by a space (RFC 9112, section 5.2)."""
    return _FOLDED.sub(" ", head) if "\n " in head or "\n\t" in head else head


def _rank(field: tuple[str, str]) -> int:
    return _RANK[field[0]]


def _split(text: str) -> tuple[str, str]:
    head, gap, body = text.partition("\r\n\r\n")
    if not gap:
        head, _, body = text.partition("\n\n")
    return head, body


_NOTED = ""
"""The key of what is no field for the rules, and told apart."""
_NAMES = 1024
"""Names of fields that are remembered, as they are written."""
_USUAL = 96
"""Characters of a name that is remembered."""
_OWN_KEY = "http_header.own"
_OWN = dict.fromkeys(OWN, _OWN_KEY)
_OF_PAGES = dict.fromkeys(("content-type", "content-encoding", "transfer-encoding"), _NOTED)
_OF_HTTP = {**_OWN, **_OF_PAGES, **_HTTP}
_OF_RTSP = {**_OWN, **dict.fromkeys(("content-type", "cseq"), _NOTED), **_RTSP}
_OF_SIP = {**_OWN, **dict.fromkeys(("via", "v", "cseq", "call-id", "i"), _NOTED), **_SIP}


class _Names(dict[str, str]):
    """Names of fields in lower case, by how they are written. The first hundreds are remembered: servers agree in
    them."""

    def __missing__(self, written: str) -> str:
        name = written.strip().lower()
        if len(written) <= _USUAL and len(self) < _NAMES:
            self[written] = name
        return name


_names = _Names()


def lines(head: str) -> tuple[str, Lines]:
    """The first line of `head`, and its fields: names in lower case, and values. What has no colon is none."""
    first, *rest = unfolded(head).split("\n")
    found = []
    for line in rest:
        written, colon, value = line.partition(":")
        if colon:
            found.append((_names[written], value.strip()))
    return first, found


def _fields(head: str, wanted: Mapping[str, str]) -> tuple[list[tuple[str, str]], dict[str, str]]:
    """The fields of `head` for the rules, and what is noted besides, the first of each name. They are few: nothing is
    made of the other `lines`."""
    fields: list[tuple[str, str]] = []
    noted: dict[str, str] = {}
    for line in unfolded(head).split("\n")[1:]:
        written, colon, value = line.partition(":")
        if not colon or (key := wanted.get(name := _names[written])) is None or not (value := value.strip()):
            continue
        if key is _NOTED:
            noted.setdefault(name, value)
            continue
        if key == _OWN_KEY:
            value = f"{name}: {value}"
        elif name == "x-aspnet-version":
            value = f"ASP.NET/{value}"
        fields.append((key, value[:LIMIT]))
    return fields, noted

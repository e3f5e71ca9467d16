"""A grab's way out of Python and back."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import UTC, datetime
from importlib import resources
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

import banner
from banner import Grab, Service, Status, Timings, testing
from banner.formats.record import encode

from ..grabs import grabs

FULL = Grab(
    time=1700000000.123,
    host="2001:db8::1",
    port=22,
    status=Status.BANNER,
    banner=b"SSH-2.0-x\r\n\x1b[2J\xff<b>\xe2\x80\xae\r\n",
    service=Service("ssh", product="x<script>", cpe=("cpe:2.3:a:x:x:1:*:*:*:*:*:*:*",)),
    timings=Timings(total=0.5),
    details={"methods": ["a", {"b": 1}]},
)
SCHEMA = json.loads((resources.files("banner") / "formats/schema.json").read_text())


@given(grabs)
def test_every_grab_comes_back(grab: Grab) -> None:
    assert grab.to_json().encode() + b"\n" == encode(grab)
    assert json.loads(grab.to_json()) == grab.to_dict() == dict(grab)
    back = Grab.from_json(grab.to_json())
    assert Grab.from_dict(grab.to_dict()) == back == Grab.from_json(grab.to_json().encode())
    for other in (pickle.loads(pickle.dumps(grab)), copy.copy(grab), copy.deepcopy(grab)):
        assert other == grab
        assert hash(other) == hash(grab)


def test_what_it_says_is_valid_and_its_own() -> None:
    jsonschema.validate(FULL.to_dict(), SCHEMA)
    FULL.to_dict()["details"]["methods"].append("spoilt")
    FULL.to_dict()["service"]["name"] = "spoilt"
    assert "spoilt" not in FULL.to_json()
    assert type(FULL.to_dict()["status"]) is str


@pytest.mark.parametrize(
    "values", [None, 5, [], {}, "x", {"v": 1}, {"v": 2}, FULL.to_dict() | {"port": "22"}], ids=repr
)
def test_what_is_no_record_is_a_value_error(values: Any) -> None:
    with pytest.raises(ValueError, match="not a record"):
        Grab.from_dict(values)
    with pytest.raises(ValueError, match="not a record"):
        Grab.from_json(json.dumps(values))


def test_the_text_cannot_act_on_a_terminal() -> None:
    assert FULL.text == "SSH-2.0-x\n\\e[2J\\xff<b>\\u202e\n"
    assert Grab(time=0.0, host="h", port=1, status=Status.SILENT).text == ""


@given(st.binary(max_size=60))
def test_the_text_of_any_bytes_is_printable(data: bytes) -> None:
    text = Grab(time=0.0, host="h", port=1, status=Status.BANNER, banner=data).text
    assert all(line.isprintable() for line in text.split("\n"))


def test_where_and_when() -> None:
    assert FULL.where == "[2001:db8::1]:22"
    assert Grab(time=0.0, host="mail.example", port=25, status=Status.SILENT).where == "mail.example:25"
    assert FULL.datetime == datetime(2023, 11, 14, 22, 13, 20, 123000, UTC)
    assert FULL.datetime.isoformat(timespec="milliseconds") == FULL.to_dict()["time"].replace("Z", "+00:00")


def test_a_notebooks_table_holds_no_markup_of_the_peer() -> None:
    html = FULL._repr_html_()
    assert "x&lt;script&gt;" in html
    assert "<script>" not in html
    assert "\x1b" not in html
    assert "\u202e" not in html
    assert "<td><pre>SSH-2.0-x\n" in html


def test_a_frame_has_a_column_for_each_field() -> None:
    pandas = pytest.importorskip("pandas")
    for several in ([FULL.to_dict(), FULL.to_dict()], [FULL, FULL], (grab for grab in [FULL, FULL])):
        frame = pandas.DataFrame(several)
        assert list(frame["host"]) == ["2001:db8::1"] * 2
        assert list(frame.columns) == list(FULL) == list(FULL.to_dict())
    assert list(pandas.Series([FULL, FULL])) == [FULL, FULL], "a column of grabs holds grabs"


VALUES = (
    banner.Service("ssh", cpe=("cpe:2.3:a:x:y:*:*:*:*:*:*:*:*",)),
    banner.Tls("TLSv1.3", certificate=banner.Certificate("00", names=("a",), chain=(banner.Issued("00"),))),
    banner.Timings(total=0.5),
    banner.Target("::1", 22, tag="x"),
    banner.Timeouts(connect=2),
    banner.Manners(),
    banner.Progress(3, {banner.Status.BANNER: 3}, 1, 2.0, total=4),
    banner.Policy(allow=["global"], deny_ports="25"),
    banner.Source(ip="192.0.2.7", ports=(40000, 40010)),
)


PLAIN = [value for value in VALUES if not isinstance(value, banner.Policy)]
"""Those that encoders find who were told of no type."""


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_pydantic_takes_and_gives_every_value(value: Any) -> None:
    pydantic = pytest.importorskip("pydantic")
    kind: Any = type(value)
    model: Any = pydantic.create_model("Kept", one=(kind, ...), several=(list[kind], []))
    kept = model(one=value, several=[value])
    assert kept.one is value
    assert model.model_validate_json(kept.model_dump_json()) == kept
    assert model.model_validate(kept.model_dump()) == kept
    with pytest.raises(pydantic.ValidationError):
        model(
            one={
                "host": "a b",
                "port": 0,
                "connect": -1,
                "name": 7,
                "sha256": 1,
                "total": "x",
                "ehlo": 1,
                "version": 1,
                "ip": "nowhere",
            }
        )
    schema = model.model_json_schema()
    jsonschema.validate(json.loads(kept.model_dump_json()), schema)
    jsonschema.Draft202012Validator.check_schema(schema)


def test_pydantic_takes_and_gives_grabs() -> None:
    pydantic = pytest.importorskip("pydantic")
    model: Any = pydantic.create_model("Inventory", found=(list[Grab], ...))
    kept = model(found=[FULL])
    assert kept.found == [FULL]
    assert kept.model_dump()["found"] == [FULL.to_dict()]
    assert model.model_validate_json(kept.model_dump_json()).found == [Grab.from_json(FULL.to_json())]
    with pytest.raises(pydantic.ValidationError, match="not a record"):
        model(found=[{"v": 1}])
    schema = pydantic.TypeAdapter(Grab).json_schema()
    assert set(schema["properties"]) == set(SCHEMA["properties"])
    jsonschema.validate(FULL.to_dict(), schema)


async def test_fastapi_answers_with_grabs() -> None:
    fastapi, httpx = pytest.importorskip("fastapi"), pytest.importorskip("httpx")
    pydantic = pytest.importorskip("pydantic")
    async with testing.greeter(b"SSH-2.0-OpenSSH_9.2\r\n") as server:
        app = fastapi.FastAPI()

        async def one() -> Any:
            return await banner.grab(server.host, server.port)

        async def several() -> Any:
            return [await one()]

        app.get("/typed", response_model=Grab)(one)
        app.get("/any", response_model=Any)(one)
        app.get("/untyped", response_model=None)(one)
        app.get("/several", response_model=list[Grab])(several)

        async def values() -> Any:
            return PLAIN

        app.get("/values", response_model=None)(values)
        app.get("/any-values", response_model=list[Any])(values)
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            answers = [
                await client.get(path) for path in ("/typed", "/any", "/untyped", "/several", "/openapi.json")
            ]
            told = [(await client.get(path)).json() for path in ("/values", "/any-values")]
    assert [answer.status_code for answer in answers] == [200] * 5
    for values_given in told:
        assert [
            pydantic.TypeAdapter(type(value)).validate_python(one)
            for value, one in zip(PLAIN, values_given, strict=True)
        ] == PLAIN
    for record in (*(answer.json() for answer in answers[:3]), answers[3].json()[0]):
        jsonschema.validate(record, SCHEMA)
        assert Grab.from_dict(record).banner == b"SSH-2.0-OpenSSH_9.2\r\n"
    assert "banner" in json.dumps(answers[4].json())

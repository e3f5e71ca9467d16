"""What a caller hands in: one clear error where it is handed in, and nothing lost where it is a target."""

from __future__ import annotations

import ipaddress
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

import banner
from banner import (
    Grab,
    Policy,
    Resolver,
    Rules,
    Settings,
    Status,
    Target,
    Timeouts,
    testing,
)

SSH = b"SSH-2.0-OpenSSH_9.2\r\n"
QUICK = Timeouts(connect=5, read=1.5, total=20)
drivers = pytest.mark.parametrize("driver", ["sweep", "streams"])


async def found(targets: Any, driver: Any, **options: Any) -> list[Grab]:
    async with banner.scan(targets, driver=driver, timeouts=QUICK, **options) as results:
        return [grab async for grab in results]


BAD_PORTS: list[Any] = [70000, 65536, -1, 0, True, False, "22", 22.0, None, [22], 10**30]
BAD_HOSTS: list[Any] = [
    "", "a b", "a\0b", "a\nb", "x" * 300, "x" * 64, "[::1]", "http://host", "host:22", "user@host", "127.1", "0x7f.1",
    "::1%", "::1%a b", "\ud800", "a..b", "stra\u00dfe.example", ".", b"host", None, 5, ["host"],
]  # fmt: skip


# -- fault 3: a bad target costs that target -----------------------------------------------------------------------


@pytest.mark.parametrize("port", BAD_PORTS, ids=repr)
async def test_fault_3_a_bad_port_is_a_value_error_where_it_is_given(port: Any) -> None:
    with pytest.raises(ValueError, match="a port is a number from 1 to 65535"):
        Target("127.0.0.1", port)
    with pytest.raises(ValueError, match="a port is a number from 1 to 65535"):
        Target("host.example", port, "tag")
    with pytest.raises(ValueError, match="a port is a number from 1 to 65535"):
        await banner.grab("127.0.0.1", port)


@pytest.mark.parametrize("host", BAD_HOSTS, ids=repr)
async def test_faults_3_and_22_a_bad_host_is_refused_where_it_is_given(host: Any) -> None:
    kind = ValueError if isinstance(host, str) else TypeError
    for tag in (None, "tag"):
        with pytest.raises(kind):
            Target(host, 22, tag)
    with pytest.raises(kind):
        await banner.grab(host, 22)


@drivers
async def test_fault_3_good_targets_beside_bad_ones_are_visited(driver: str) -> None:
    def targets(port: int) -> Iterator[Target]:
        for number in (port, 70000, port, "22", port):
            try:
                yield Target("127.0.0.1", number)  # type: ignore[arg-type]
            except ValueError:
                continue

    async with testing.greeter(SSH) as server:
        assert [grab.status for grab in await found(targets(server.port), driver)] == [Status.BANNER] * 3


@drivers
@pytest.mark.parametrize("alien", ["127.0.0.1:22", ("127.0.0.1", 22), None, {"host": "127.0.0.1"}], ids=repr)
async def test_fault_3_what_is_no_target_is_told_where_the_results_are_read(driver: str, alien: Any) -> None:
    async def later() -> AsyncIterator[Any]:
        yield alien

    for targets in ([alien], iter([alien]), later()):
        with pytest.raises(TypeError, match="targets are banner"):
            await found(targets, driver)
        if not isinstance(targets, list):
            continue
        with pytest.raises(TypeError, match="targets are banner"):
            await found(targets, driver, policy=Policy())


@pytest.mark.parametrize("driver", ["fast", "", 0, "Sweep", b"sweep"])
def test_fault_3_an_unknown_driver_is_refused(driver: Any) -> None:
    with pytest.raises(ValueError, match="driver is 'sweep', 'streams' or None"):
        banner.scan([], driver=driver)


# -- fault 16: wrong kinds of arguments ----------------------------------------------------------------------------


def test_fault_16_without_asyncio_it_says_so() -> None:
    async def scanned() -> None:
        async with banner.scan([]):
            pass

    for coroutine in (banner.grab("127.0.0.1", 22), scanned()):
        with pytest.raises(RuntimeError, match="banner needs asyncio"):
            coroutine.send(None)  # as trio does


def test_fault_16_trio_is_told_so() -> None:
    trio = pytest.importorskip("trio")
    with pytest.raises(RuntimeError, match="banner needs asyncio"):
        trio.run(banner.grab, "127.0.0.1", 22)


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_fault_16_any_bytes_are_identified(kind: Any) -> None:
    service = banner.identify(kind(SSH))
    assert service is not None
    assert service.product == "OpenSSH"
    assert Rules().identify(kind(SSH), port=22) is not None


@pytest.mark.parametrize("ip", ["127.0.0.1", "::1", "fe80::1%lo"])
async def test_fault_16_addresses_are_taken(ip: str) -> None:
    address = ipaddress.ip_address(ip)
    assert Target(address, 22) == Target(str(address), 22)  # type: ignore[arg-type]
    grab = await banner.grab(address, 9, policy=Policy(allow=[]))
    assert (grab.host, grab.status) == (str(address), Status.DENIED)
    assert Policy(deny=[ipaddress.ip_network("127.0.0.0/8")]).permits("127.0.0.1", 1) is False  # type: ignore[list-item]


WRONG: dict[str, list[Any]] = {
    "timeouts": [5, 5.0, None, (1, 2), "5", {"read": 1}],
    "limit": ["5", None, 1.5, True, 0, -1, 10**12],
    "mode": ["loud", None, 5],
    "manners": [None, "me", {"ehlo": "me"}],
    "rules": ["folder", 5, ["a"]],
    "resolver": ["192.0.2.53", 5, Resolver],
}
OF_SCAN: dict[str, list[Any]] = {
    "concurrency": ["5", None, 1.5, True, 0, -1],
    "rate": ["5", True, 0, -1, float("inf"), float("nan")],
    "per_host": ["5", True, 0, -1, 1.5],
    "per_net": ["5", True, 0, -1, 1.5],
}


def _each(table: dict[str, list[Any]]) -> list[tuple[str, Any]]:
    return [(name, value) for name, values in table.items() for value in values]


@pytest.mark.parametrize(("name", "value"), _each(WRONG), ids=repr)
async def test_fault_16_grab_refuses_arguments_of_another_kind(name: str, value: Any) -> None:
    with pytest.raises((TypeError, ValueError), match=name.rstrip("s")):
        await banner.grab("127.0.0.1", 9, **{name: value})


@pytest.mark.parametrize(("name", "value"), _each(WRONG | OF_SCAN), ids=repr)
def test_fault_16_scan_refuses_arguments_of_another_kind(name: str, value: Any) -> None:
    word = name.rstrip("s")
    with pytest.raises((TypeError, ValueError), match=word):
        banner.scan([], **{name: value})


@pytest.mark.parametrize("targets", ["127.0.0.1:22", b"x", Target("127.0.0.1", 22), None, 5], ids=repr)
def test_fault_16_targets_are_several(targets: Any) -> None:
    with pytest.raises(TypeError, match="targets are an iterable of"):
        banner.scan(targets)


@pytest.mark.parametrize("name", ["connect", "read", "total", "dns"])
@pytest.mark.parametrize("value", [None, "5", True, 0, -1, float("nan"), float("inf"), 1e300, [1]], ids=repr)
def test_fault_16_timeouts_are_seconds(name: str, value: Any) -> None:
    with pytest.raises((TypeError, ValueError), match=f"the {name} timeout is a number of seconds"):
        Timeouts(**{name: value})


CALLS: dict[str, list[dict[str, Any]]] = {
    "Manners": [
        {"ehlo": None}, {"ehlo": "a b"}, {"ehlo": ""}, {"ehlo": "a\r\nDATA"}, {"user_agent": 5},
        {"user_agent": "a\r\nX: y"}, {"user_agent": "\u00e4"},
    ],
    "Target": [{"host": "host", "port": 22, "tag": tag} for tag in (5, b"tag", "\ud800", ["tag"])],
    "Policy": [
        {"allow": 5}, {"deny": None}, {"deny": [5]}, {"deny": ["nowhere"]}, {"deny": b"loopback"}, {"ports": 22},
        {"ports": ["22"]}, {"ports": [70000]}, {"ports": [True]}, {"ports": b"22"}, {"deny_ports": None},
    ],
    "Resolver": [
        {"timeout": None}, {"timeout": 0}, {"timeout": "5"}, {"nameservers": "192.0.2.53"}, {"nameservers": [5]},
        {"nameservers": 5}, {"port": 0}, {"port": "53"},
    ],
    "Settings": [{"probes": "http"}, {"probes": [5]}, {"without": 5}, {"mode": "loud"}, {"policy": 5}, {"timeouts": 5}],
    "Rules": [{"remembered": -1}, {"remembered": "a"}, {"remembered": None}],
    "identify": [
        {"data": "SSH-2.0-x"}, {"data": None}, {"data": 5}, {"data": SSH, "port": "22"}, {"data": SSH, "port": True},
        {"data": SSH, "protocol": 5},
    ],
}  # fmt: skip


@pytest.mark.parametrize(("name", "arguments"), _each(CALLS), ids=repr)
def test_fault_16_wrong_kinds_are_refused_where_they_are_given(name: str, arguments: dict[str, Any]) -> None:
    with pytest.raises((TypeError, ValueError)) as caught:
        getattr(banner, name)(**arguments)
    assert len(str(caught.value)) > 15
    assert "object is not" not in str(caught.value)  # Python's own words for what went wrong further down


@pytest.mark.parametrize(
    ("ip", "port"), [(5, 22), ("host", 22), (None, 22), ("127.0.0.1", "22"), ("127.0.0.1", 70000)]
)
def test_fault_16_a_policy_is_asked_for_addresses_and_ports(ip: Any, port: Any) -> None:
    for ask in (Policy().permits, Policy().refusal):
        with pytest.raises((TypeError, ValueError)):
            ask(ip, port)


def test_fault_16_rules_are_named_by_paths() -> None:
    given: Any = 5
    with pytest.raises(TypeError, match="by its path"):
        Rules(given)


def test_fault_16_lists_of_probes_are_taken() -> None:
    assert Settings(probes=["http"]).probes == ("http",)  # type: ignore[arg-type]
    assert hash(Settings(mode="listen")) == hash(Settings(mode=banner.Mode.LISTEN))  # type: ignore[arg-type]


# -- fault 22: names in other letters ------------------------------------------------------------------------------


class Book:
    """A resolver that knows one name."""

    def __init__(self, name: str) -> None:
        self.name, self.asked = name, list[str]()

    async def resolve(self, name: str) -> tuple[str, ...]:
        self.asked.append(name)
        return ("127.0.0.1",)

    async def close(self) -> None: ...


@pytest.mark.parametrize("driver", ["grab", "sweep", "streams"])
async def test_fault_22_names_in_other_letters_are_asked_for_as_a_labels(driver: Any) -> None:
    heard = list[bytes]()

    async def hear(connection: testing.Connection) -> None:
        heard.append(await connection.read())

    book: Any = Book("xn--bcher-kva.example")
    async with testing.serve(hear) as server:
        if driver == "grab":
            grabs = [await banner.grab("B\u00fccher.example", server.port, resolver=book, timeouts=QUICK)]
        else:
            target = Target("b\u00fccher.example", server.port)
            grabs = await found([target], driver, resolver=book)
    assert set(book.asked) == {book.name}
    assert [grab.host for grab in grabs] == [book.name]
    said = b"".join(heard)
    assert book.name.encode() in said
    assert "\u00fccher".encode() not in said  # two bytes alone may be among a hello's random ones


# -- from a text ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "port", "target"),
    [
        ("host:22", None, Target("host", 22)),
        ("mail.example:25", 22, Target("mail.example", 25)),
        ("mail.example", 25, Target("mail.example", 25)),
        ("[2001:db8::1]:22", None, Target("2001:db8::1", 22)),
        ("2001:db8::1", 22, Target("2001:db8::1", 22)),
        ("192.0.2.1:22 a tag", None, Target("192.0.2.1", 22, "a tag")),
        ("b\u00fccher.example:80", None, Target("xn--bcher-kva.example", 80)),
    ],
)
def test_a_target_is_read_from_a_text(text: str, port: int | None, target: Target) -> None:
    assert Target.parse(text, port) == target


@pytest.mark.parametrize(
    "text", ["", "host", "host:0", "host:70000", "127.1:22", "a b:22", "192.0.2.0/24:22", "host:22,23"]
)
def test_a_text_that_is_not_one_target_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"target|port|number|name"):
        Target.parse(text)


@pytest.mark.parametrize("text", [None, 5, b"host:22", ("host", 22)])
def test_a_target_is_read_from_texts_only(text: Any) -> None:
    with pytest.raises(TypeError, match="a target is a text"):
        Target.parse(text)

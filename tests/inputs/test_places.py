"""Targets that lists name are those that callers make: equal, of one hash, and as frozen."""

from __future__ import annotations

import pytest

from banner.inputs.places import at_address, place_at, target_at
from banner.inputs.spec import parse
from banner.models import Target, Transport


@pytest.mark.parametrize("port", [22, 65535])
@pytest.mark.parametrize("transport", Transport)
def test_a_place_leads_to_the_target_that_callers_make(port: int, transport: Transport) -> None:
    listed = parse(f"0.0.0.0:{port}/{transport}").ports[0]
    target = at_address(place_at(listed), "192.0.2.1")
    made = Target("192.0.2.1", port, transport=transport)
    assert (target, hash(target)) == (made, hash(made))
    assert place_at(listed) == target_at("0.0.0.0", listed)  # it is led from again
    with pytest.raises(AttributeError):
        target.host = "192.0.2.2"  # type: ignore[misc]


@pytest.mark.parametrize("tag", ["", " office"])
def test_a_block_leads_to_the_targets_that_callers_make(tag: str) -> None:
    found = list(parse(f"2001:db8::/126,22/tcp,53/udp{tag}"))
    spec = parse(f"2001:db8::/126,22/tcp,53/udp{tag}")
    assert [spec[index] for index in range(spec.size)] == found
    assert found == [
        Target(host, port, tag.strip() or None, transport=transport)
        for host in ("2001:db8::", "2001:db8::1", "2001:db8::2", "2001:db8::3")
        for port, transport in ((22, Transport.TCP), (53, Transport.UDP))
    ]

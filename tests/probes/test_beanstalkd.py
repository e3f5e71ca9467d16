"""beanstalkd: statistics are its own by their first line, whether a version stands there or not."""

from __future__ import annotations

import pytest

from banner import probes

from .conversation import client, play, server

BEANSTALKD = probes.get("beanstalkd")


@pytest.mark.parametrize(
    "answer",
    [b"OK 1.0\r\n", b"OK 40\r\n---\nversion: 2.0\nuptime: 1234567890123456789\n", b"OK 40\r\n<html>\n"],
)
def test_another_ok_is_let_go(answer: bytes) -> None:
    assert play(BEANSTALKD, [client(b"stats\r\n"), server(answer)]).service is None


def test_statistics_without_a_version_name_it_all_the_same() -> None:
    stats = b"---\ncurrent-jobs-urgent: 0\n"

    answer = server(b"OK %d\r\n%b\r\n" % (len(stats), stats))
    played = play(BEANSTALKD, [client(b"stats\r\n"), answer, client(b"quit\r\n")])

    assert played.service
    assert (played.service.product, played.service.version) == ("beanstalkd", None)

"""Rules that are given correct the built-in ones, and speak only for what they were written for."""

from __future__ import annotations

from pathlib import Path

import pytest

from banner import Rules, Service
from banner.cli.commands.identify import rules_of
from banner.recognition import replies
from banner.recognition.check import check
from banner.recognition.engine import Engine
from banner.recognition.fields import Reading
from banner.recognition.table import Table

RULES = """<fingerprints matches="ssh.banner" protocol="ssh">
  <fingerprint pattern="{}"><description>t</description>{}</fingerprint>
</fingerprints>"""
OPENSSH = b"SSH-2.0-OpenSSH_9.6p1 Debian-4\r\n"
PRODUCT = '<param pos="0" name="service.product" value="{}"/>'


def given(folder: Path, pattern: str, product: str | None, version: str = "") -> Rules:
    params = PRODUCT.format(product) if product else '<param pos="0" name="os.vendor" value="Acme"/>'
    params += f'<param pos="0" name="service.version" value="{version}"/>' if version else ""
    path = folder / "mine.xml"
    path.write_text(RULES.format(pattern, params))
    return Rules(path, remembered=0)


def answer(rules: Rules, data: bytes = OPENSSH) -> Service:
    found = rules.identify(data, port=22)
    assert found is not None
    return found


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.mark.parametrize("version", ["", "2.1"])
def test_another_product_that_is_given_stands(tmp_path: Path, version: str) -> None:
    found = answer(given(tmp_path, "^OpenSSH", "FrobSSH", version))
    assert (found.product, found.version) == ("FrobSSH", version or None)


def test_of_the_same_product_what_says_more_stands(tmp_path: Path) -> None:
    assert answer(given(tmp_path, "^OpenSSH", "open-ssh")).version == "9.6p1"
    assert answer(given(tmp_path, "^OpenSSH", "OpenSSH", "1.2")).version == "1.2"


def test_a_given_maker_does_not_hide_a_product(tmp_path: Path) -> None:
    assert answer(given(tmp_path, "^OpenSSH", None)).product == "OpenSSH"


def test_the_built_in_rules_can_be_left_out(tmp_path: Path) -> None:
    given(tmp_path, "^Other", "Other")
    rules = rules_of([str(tmp_path / "mine.xml")], built_in=False)
    assert answer(rules).product is None
    with pytest.raises(ValueError, match="no-built-in-rules"):
        rules_of([], built_in=False)


NMAP = r"""Probe TCP NULL q||
match frob m|^FROB (\d+)| p/Frob/ v/$1/
Probe TCP Ask q|ask\r\n|
match asked m|^ANSWER| p/Asked/
Probe UDP Datagram q|x|
match datagram m|^.*| p/Anything/
"""


@pytest.mark.parametrize(
    ("data", "greeted", "product"),
    [
        (b"FROB 12\r\n", True, "Frob"),
        (b"ANSWER\r\n", False, "Asked"),
        (b"ANSWER\r\n", True, None),
        (b"whatever\r\n", False, None),
        (b"\1\2\3\4", True, None),
    ],
)
def test_nmaps_lines_speak_for_what_their_probe_hears(
    tmp_path: Path, data: bytes, greeted: bool, product: str | None
) -> None:
    path = tmp_path / "nmap-service-probes"
    path.write_text(NMAP)
    found = Rules(path, remembered=0).fresh(data, 7, greeted=greeted)
    assert (found and found.product) == product


@pytest.mark.parametrize(
    ("matches", "greeting", "port"),
    [
        ('matches="mysql.banners"', b"J\0\0\0\x0a8.0.32\0\1\0\0\0abcdefgh\0\xff\xf7\x21\2\0\xff\x81\x15" + bytes(10)
         + b"abcdefghijkl\0mysql_native_password\0", 3306),
        ('matches="http_header.x-powered-by"', b"HTTP/1.1 200 OK\r\nX-Powered-By: Qwxyz\r\n\r\n", 80),
        ('matches="rsh_resp"', b"\1Qwxyz: denied\n", 514),
        ("", b"\r\nQwxyz login: ", 23),
    ],
)  # fmt: skip
def test_the_keys_that_recog_ships_are_asked(
    tmp_path: Path, matches: str, greeting: bytes, port: int
) -> None:
    path = tmp_path / "telnet_banners.xml"  # Recog's file has no matches of its own
    pattern = '<fingerprint pattern="^.{0,40}(?:Qwxyz|8.0)"><description>t</description>'
    path.write_text(f"<fingerprints {matches}>{pattern}{PRODUCT.format('Qwx')}</fingerprint></fingerprints>")
    found = Rules(path, built_in=False, remembered=0).identify(greeting, port=port)
    assert found is not None
    assert found.product == "Qwx"


def test_rules_of_a_key_that_is_never_asked_are_told(tmp_path: Path) -> None:
    path = tmp_path / "x.xml"
    path.write_text(RULES.replace("ssh.banner", "smb.native_lm").format("a", PRODUCT.format("A")))
    assert "1 rules for smb.native_lm: no field has this key" in check(path).text()


class _Told:
    """A layer that answers each protocol with what it is given, and remembers what it was asked."""

    def __init__(self, **answers: Service) -> None:
        self.table = Table({}, [])
        self.asked: list[str] = []
        self._answers = answers

    def answer(self, data: bytes, reading: Reading) -> Service | None:
        self.asked.append(reading.protocol)
        return self._answers.get(reading.protocol)


def test_a_greeting_is_read_another_way_only_where_that_may_say_more() -> None:
    whole = Service("ftp", product="X", version="1", confidence=0.9)
    product = Service("ftp", product="X", confidence=0.9)
    other = Service("smtp", product="Y", version="2", confidence=0.9)
    for answers, best, asked in (
        ({"ftp": whole, "smtp": other}, whole, ["ftp"]),
        ({"ftp": product, "smtp": other}, other, ["ftp", "smtp"]),
        ({"ftp": product, "smtp": product}, product, ["ftp", "smtp", ""]),
        ({"smtp": other}, other, ["ftp", "smtp"]),
    ):
        layer = _Told(**answers)
        assert Engine([layer], []).identify(b"220 hello\r\n") == best
        assert layer.asked == asked


@pytest.mark.parametrize(
    "text", ["Mail", "my MTA", "anti-SPAM", "unsolicited", "no UCE", "x 5.7.1 y", "ma\u0131l", "\u017fpam"]
)
def test_what_speaks_of_mail_is_smtp(text: str) -> None:
    assert replies.replies(f"220 {text}", None, None)[0].protocol == "smtp"
    assert replies.replies("220 plaspas 5. uces mtas", None, None)[0].protocol == "ftp"

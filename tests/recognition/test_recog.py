"""Recog's format as rapid7/recog ships it: flavour, examples, params; damage costs one rule; theirs beside ours."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from banner import Rules
from banner.recognition.check import check
from banner.recognition.collections.recog import parse
from banner.recognition.cpe import formatted

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<fingerprints matches="{}" protocol="{}" database_type="service">'


def collection(path: Path, body: str, matches: str = "ftp.banner", protocol: str = "ftp") -> Path:
    path.write_text(HEAD.format(matches, protocol) + body + "</fingerprints>")
    return path


RULES = """
<!-- a comment between -->
<fingerprint pattern="(?m)\\AACME (\\S+).*end$" flags="REG_ICASE">
  <description>Acme with a
     long description</description>
  <example service.version="1.2" service.cpe23="cpe:/a:acme:ftpd:1.2">acme 1.2&#13;&#10;the END</example>
  <example _encoding="base64" service.version="3">BASE64</example>
  <example _filename="acme.bin" service.version="4.5"/>
  <param pos="0" name="service.vendor" value="Acme"/>
  <param pos="0" name="service.product" value="FTPD"/>
  <param pos="1" name="service.version"/>
  <param pos="0" name="service.cpe23" value="cpe:/a:acme:ftpd:{service.version}"/>
  <param pos="0" name="os.vendor" value="Acme"/>
  <param pos="0" name="os.product" value="AcmeOS"/>
  <param pos="0" name="os.version" value="{service.version}"/>
  <param pos="0" name="hw.device" value="Router"/>
</fingerprint>
<fingerprint pattern="^Box(?: v(\\d+))?$">
  <description>Box</description>
  <example hw.product="Box">Box</example>
  <param pos="0" name="hw.vendor" value="Boxes"/>
  <param pos="0" name="hw.product" value="Box"/>
  <param pos="1" name="hw.version"/>
  <param pos="0" name="hw.cpe23" value="cpe:/h:boxes:box:{hw.version}"/>
</fingerprint>
"""


@pytest.fixture
def acme(tmp_path: Path) -> Path:
    path = tmp_path / "acme.xml"
    collection(path, RULES.replace("BASE64", base64.b64encode(b"ACME 3 \xff end").decode()))
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "acme.bin").write_bytes(b"ACME 4.5\0end")
    return path


def test_every_example_of_a_recog_collection_comes_true(acme: Path) -> None:
    report = check(acme.parent)
    assert report.good, report.text()
    assert (report.rules, report.examples) == (2, 4)


def test_what_a_rule_says(acme: Path) -> None:
    rules = Rules(acme, built_in=False)
    found = rules.identify(b"220-ACME 7.1\r\n220 the end\r\n", port=21)
    assert found is not None
    assert (found.name, found.vendor, found.product, found.version) == ("ftp", "Acme", "FTPD", "7.1")
    assert (found.os, found.device) == ("AcmeOS 7.1", "router")
    assert found.cpe == ("cpe:2.3:a:acme:ftpd:7.1:*:*:*:*:*:*:*",)
    assert found.rule == "acme/acme-with-a-long-description"
    box = rules.identify(b"220 Box\r\n", port=21)
    assert box is not None
    assert (box.vendor, box.product, box.version, box.confidence) == ("Boxes", "Box", None, 0.75)
    assert box.cpe == ("cpe:2.3:h:boxes:box:*:*:*:*:*:*:*:*",)


def test_a_rule_that_cannot_be_honoured_costs_itself(tmp_path: Path) -> None:
    bad = """
    <fingerprint pattern="(unclosed"><description>one</description></fingerprint>
    <fingerprint pattern="a" flags="REG_SOMETHING"><description>two</description></fingerprint>
    <fingerprint><description>three</description></fingerprint>
    <fingerprint pattern="(a)"><description>four</description><param pos="2" name="x"/></fingerprint>
    <fingerprint pattern="\\p{Greek}"><description>five</description></fingerprint>
    <fingerprint pattern="a"><description>six</description><example _encoding="rot13">a</example></fingerprint>
    <fingerprint pattern="a"><description>seven</description><example _filename="../../etc/passwd"/></fingerprint>
    <fingerprint pattern="^Good"><description>good</description>
      <param pos="0" name="service.product" value="Good"/></fingerprint>
    """
    path = collection(tmp_path / "bad.xml", bad)
    report = check(path)
    assert not report.good
    assert len(report.rejected) == 7
    assert all(word in text for word, text in zip(("one", "two", "three"), report.rejected, strict=False))
    rules = Rules(path, built_in=False)
    assert len(rules.rejected) == 5  # examples are read by the check alone
    found = rules.identify(b"220 Good\r\n", port=21)
    assert found is not None
    assert found.product == "Good"


def test_a_wrong_example_and_a_shadowed_rule_are_told(tmp_path: Path) -> None:
    body = """
    <fingerprint pattern="^A"><description>first</description>
      <example service.version="2">A1</example><param pos="0" name="service.version" value="1"/></fingerprint>
    <fingerprint pattern="^AB"><description>second</description><example>AB</example><example>no</example></fingerprint>
    """
    report = check(collection(tmp_path / "wrong.xml", body))
    assert not report.good
    assert len(report.failed) == 2
    assert "service.version is '1', expected '2'" in report.failed[0]
    assert len(report.shadowed) == 1
    assert "wrong/first speaks first" in report.text()


@pytest.mark.parametrize(
    "data", [b"", b"<", b"<html/>", b"\0" * 99, b"<!DOCTYPE a [<!ENTITY b 'c'>]><fingerprints/>"]
)
def test_what_is_no_collection_is_an_error(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"x\.xml"):
        parse(data, tmp_path / "x.xml")


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no Recog collections"):
        Rules(tmp_path)


def test_what_is_given_corrects_what_is_built_in(tmp_path: Path) -> None:
    def rule(pattern: str, *params: str) -> str:
        said = "".join(
            f'<param pos="0" name="service.{n}" value="{v}"/>' for n, v in (p.split("=") for p in params)
        )
        return f'<fingerprint pattern="{pattern}"><description>x</description>{said}</fingerprint>'

    body = (
        rule("vsFTPd", "product=Other") + rule("^Qwx", "product=Qwx", "version=1") + rule("^FTP", "vendor=V")
    )
    rules = Rules(collection(tmp_path / "theirs.xml", body))
    ours = rules.identify(b"220 (vsFTPd 3.0.5)\r\n", port=21)
    assert ours is not None
    assert ours.product == "Other"
    theirs = rules.identify(b"220 Qwx\r\n", port=21)
    assert theirs is not None
    assert theirs.rule == "theirs/x"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("cpe:/a:openbsd:openssh:9.2p1", "cpe:2.3:a:openbsd:openssh:9.2p1:*:*:*:*:*:*:*"),
        ("cpe:/o:avm:fritz%21os:-", "cpe:2.3:o:avm:fritz\\!os:*:*:*:*:*:*:*:*"),
        ("cpe:/a:x:y:1.0 (beta)", "cpe:2.3:a:x:y:1.0_\\(beta\\):*:*:*:*:*:*:*"),
        ("cpe:2.3:a:x:y\\:z:1", "cpe:2.3:a:x:y\\:z:1:*:*:*:*:*:*:*"),
        ("cpe:/a:Mixed:Case", "cpe:2.3:a:mixed:case:*:*:*:*:*:*:*:*"),
        ("cpe:/a:x:hp-ux", "cpe:2.3:a:x:hp-ux:*:*:*:*:*:*:*:*"),
        ("cpe:/a:x", None),
        ("cpe:/z:x:y", None),
        ("nonsense", None),
    ],
)
def test_cpe_names_are_made_well_formed(name: str, expected: str | None) -> None:
    assert formatted(name) == expected


def test_a_capture_cannot_break_out_of_a_cpe(acme: Path) -> None:
    found = Rules(acme, built_in=False).identify(b"220 ACME 1:2*?\\x:%00 end\r\n", port=21)
    assert found is not None
    assert found.cpe[0].replace("\\:", "").count(":") == 12
    assert "*?" not in found.cpe[0].replace("\\*\\?", "")

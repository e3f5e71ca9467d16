"""The names of cipher suites are those of the registry, as OpenSSL prints them too."""

from __future__ import annotations

import subprocess

from banner.tls import ciphers


def test_the_names_are_those_that_openssl_calls_standard() -> None:
    command = ["openssl", "ciphers", "-V", "-stdname", "ALL:COMPLEMENTOFALL:@SECLEVEL=0"]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120)
    lines = [line.split() for line in done.stdout.splitlines()]
    numbers = {int(fields[0].replace(",0x", ""), 16): fields[2] for fields in lines}
    assert len(numbers) > 50
    assert numbers == {number: ciphers.NAMES[number] for number in numbers}


def test_the_old_suites_have_their_names_and_an_unknown_one_its_number() -> None:
    # RFC 6101, appendix A.6; RFC 5246, appendix A.5; RFC 4492, section 6.
    assert ciphers.name_of(0x0003) == "TLS_RSA_EXPORT_WITH_RC4_40_MD5"
    assert ciphers.name_of(0x0005) == "TLS_RSA_WITH_RC4_128_SHA"
    assert ciphers.name_of(0x000A) == "TLS_RSA_WITH_3DES_EDE_CBC_SHA"
    assert ciphers.name_of(0x0019) == "TLS_DH_anon_EXPORT_WITH_DES40_CBC_SHA"
    assert ciphers.name_of(0xC011) == "TLS_ECDHE_RSA_WITH_RC4_128_SHA"
    assert ciphers.name_of(0x0000) == "TLS_NULL_WITH_NULL_NULL"
    assert ciphers.name_of(0xFE00) == "0xfe00"
    assert len(set(ciphers.NAMES.values())) == len(ciphers.NAMES)

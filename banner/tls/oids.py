"""The object identifiers that certificates are made of, in DER form, and what they are called.

A table a line each, from the documents named beside it. What is missing here shows as dotted decimal.
"""

from __future__ import annotations

from .der import oid

# Attribute types: the descriptors of RFC 4519, section 2; the last five as OpenSSL writes them.
ATTRIBUTES = {
    oid(number): name
    for number, name in {
        "2.5.4.3": "CN",
        "2.5.4.4": "SN",
        "2.5.4.5": "serialNumber",
        "2.5.4.6": "C",
        "2.5.4.7": "L",
        "2.5.4.8": "ST",
        "2.5.4.9": "STREET",
        "2.5.4.10": "O",
        "2.5.4.11": "OU",
        "2.5.4.12": "title",
        "2.5.4.13": "description",
        "2.5.4.15": "businessCategory",
        "2.5.4.17": "postalCode",
        "2.5.4.42": "givenName",
        "2.5.4.46": "dnQualifier",
        "0.9.2342.19200300.100.1.1": "UID",
        "0.9.2342.19200300.100.1.25": "DC",
        "1.2.840.113549.1.9.1": "emailAddress",
        "1.3.6.1.4.1.311.60.2.1.1": "jurisdictionL",
        "1.3.6.1.4.1.311.60.2.1.2": "jurisdictionST",
        "1.3.6.1.4.1.311.60.2.1.3": "jurisdictionC",
        "2.5.4.97": "organizationIdentifier",
    }.items()
}

# RFC 3279 and 4055 (RSA, DSA), 5758 (DSA, ECDSA), 8410 (EdDSA), 9881 (ML-DSA); the names are theirs.
SIGNATURES = {
    oid(number): name
    for number, name in {
        "1.2.840.113549.1.1.2": "md2WithRSAEncryption",
        "1.2.840.113549.1.1.4": "md5WithRSAEncryption",
        "1.2.840.113549.1.1.5": "sha1WithRSAEncryption",
        "1.2.840.113549.1.1.10": "rsassaPss",
        "1.2.840.113549.1.1.11": "sha256WithRSAEncryption",
        "1.2.840.113549.1.1.12": "sha384WithRSAEncryption",
        "1.2.840.113549.1.1.13": "sha512WithRSAEncryption",
        "1.2.840.113549.1.1.14": "sha224WithRSAEncryption",
        "1.3.14.3.2.29": "sha1WithRSAEncryption",  # OIW's older number for the same
        "1.2.840.10040.4.3": "dsa-with-sha1",
        "2.16.840.1.101.3.4.3.1": "dsa-with-sha224",
        "2.16.840.1.101.3.4.3.2": "dsa-with-sha256",
        "1.2.840.10045.4.1": "ecdsa-with-SHA1",
        "1.2.840.10045.4.3.1": "ecdsa-with-SHA224",
        "1.2.840.10045.4.3.2": "ecdsa-with-SHA256",
        "1.2.840.10045.4.3.3": "ecdsa-with-SHA384",
        "1.2.840.10045.4.3.4": "ecdsa-with-SHA512",
        "1.3.101.112": "ed25519",
        "1.3.101.113": "ed448",
        "2.16.840.1.101.3.4.3.17": "ml-dsa-44",
        "2.16.840.1.101.3.4.3.18": "ml-dsa-65",
        "2.16.840.1.101.3.4.3.19": "ml-dsa-87",
    }.items()
}
RSA = (oid("1.2.840.113549.1.1.1"), oid("1.2.840.113549.1.1.10"))
DSA = oid("1.2.840.10040.4.1")
EC = oid("1.2.840.10045.2.1")
FIXED = {oid("1.3.101.112"): ("ed25519", 256), oid("1.3.101.113"): ("ed448", 456)}
"""RFC 8410, section 3; the sizes are those of the encoded keys (RFC 8032, sections 5.1 and 5.2)."""
CURVES = {oid("1.3.132.0.35"): 521}
"""secp521r1: the named curve whose size is no multiple of 8, so that its points do not tell it."""


SUBJECT_KEY = oid("2.5.29.14")
ALTERNATIVE_NAMES = oid("2.5.29.17")
AUTHORITY_KEY = oid("2.5.29.35")

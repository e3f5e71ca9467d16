"""Conversations of ssh."""

from banner.models import Service

from ..conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "OpenSSH 9.2p1, Debian 12",
        "recorded",
        turns=(server(b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10\r\n"),),
        service=Service(name="ssh"),
        details={"protocol_version": "2.0", "software": "OpenSSH_9.2p1", "comments": "Debian-2+deb12u10"},
    ),
    Recording(
        "OpenSSH 9.2p1, Debian 12, algorithms",
        "recorded",
        turns=(
            server(b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10\r\n"),
            client(b"SSH-2.0-banner\r\n"),
            server(
                b"\x00\x00\x04<\t\x14\xf1\xe2\xf3\xa6\x0b\x9a\xa8\xe61T(\x8a\x9e\xf5\x95\xd6\x00\x00\x01=sntrup761x25519-sha512,sntrup761x25519-sha512@openssh.com,curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256,ecdh-sha2-nistp384,ecdh-sha2-nistp521,diffie-hellman-group-exchange-sha256,diffie-hellman-group16-sha512,diffie-hellman-group18-sha512,diffie-hellman-group14-sha256,kex-strict-s-v00@openssh.com\x00\x00\x00\x0bssh-ed25519\x00\x00\x00lchacha20-poly1305@openssh.com,aes128-ctr,aes192-ctr,aes256-ctr,aes128-gcm@openssh.com,aes256-gcm@openssh.com\x00\x00\x00lchacha20-poly1305@openssh.com,aes128-ctr,aes192-ctr,aes256-ctr,aes128-gcm@openssh.com,aes256-gcm@openssh.com\x00\x00\x00\xd5umac-64-etm@openssh.com,umac-128-etm@openssh.com,hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com,hmac-sha1-etm@openssh.com,umac-64@openssh.com,umac-128@openssh.com,hmac-sha2-256,hmac-sha2-512,hmac-sha1\x00\x00\x00\xd5umac-64-etm@openssh.com,umac-128-etm@openssh.com,hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com,hmac-sha1-etm@openssh.com,umac-64@openssh.com,umac-128@openssh.com,hmac-sha2-256,hmac-sha2-512,hmac-sha1\x00\x00\x00\x15none,zlib@openssh.com\x00\x00\x00\x15none,zlib@openssh.com\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
            ),
        ),
        service=Service(name="ssh"),
        details={
            "protocol_version": "2.0",
            "software": "OpenSSH_9.2p1",
            "comments": "Debian-2+deb12u10",
            "kex_algorithms": [
                "sntrup761x25519-sha512",
                "sntrup761x25519-sha512@openssh.com",
                "curve25519-sha256",
                "curve25519-sha256@libssh.org",
                "ecdh-sha2-nistp256",
                "ecdh-sha2-nistp384",
                "ecdh-sha2-nistp521",
                "diffie-hellman-group-exchange-sha256",
                "diffie-hellman-group16-sha512",
                "diffie-hellman-group18-sha512",
                "diffie-hellman-group14-sha256",
                "kex-strict-s-v00@openssh.com",
            ],
            "host_key_algorithms": ["ssh-ed25519"],
            "encryption_to_server": [
                "chacha20-poly1305@openssh.com",
                "aes128-ctr",
                "aes192-ctr",
                "aes256-ctr",
                "aes128-gcm@openssh.com",
                "aes256-gcm@openssh.com",
            ],
            "encryption_to_client": [
                "chacha20-poly1305@openssh.com",
                "aes128-ctr",
                "aes192-ctr",
                "aes256-ctr",
                "aes128-gcm@openssh.com",
                "aes256-gcm@openssh.com",
            ],
            "mac_to_server": [
                "umac-64-etm@openssh.com",
                "umac-128-etm@openssh.com",
                "hmac-sha2-256-etm@openssh.com",
                "hmac-sha2-512-etm@openssh.com",
                "hmac-sha1-etm@openssh.com",
                "umac-64@openssh.com",
                "umac-128@openssh.com",
                "hmac-sha2-256",
                "hmac-sha2-512",
                "hmac-sha1",
            ],
            "mac_to_client": [
                "umac-64-etm@openssh.com",
                "umac-128-etm@openssh.com",
                "hmac-sha2-256-etm@openssh.com",
                "hmac-sha2-512-etm@openssh.com",
                "hmac-sha1-etm@openssh.com",
                "umac-64@openssh.com",
                "umac-128@openssh.com",
                "hmac-sha2-256",
                "hmac-sha2-512",
                "hmac-sha1",
            ],
            "compression_to_server": ["none", "zlib@openssh.com"],
            "compression_to_client": ["none", "zlib@openssh.com"],
            "hassh_server": "425d29fe50d8e4f5e37efb6e24bcf660",
        },
        deep=True,
    ),
    Recording(
        "Dropbear 2022.83, Debian 12, full",
        "recorded",
        turns=(
            server(
                b"SSH-2.0-dropbear_2022.83\r\n\x00\x00\x01\xfc\x07\x14\xceg\xce\x8c{M?\x9e\xe1\xbb\xf4#o\xa2\\\xde\x00\x00\x00\xd8curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp521,ecdh-sha2-nistp384,ecdh-sha2-nistp256,diffie-hellman-group14-sha256,diffie-hellman-group14-sha1,kexguess2@matt.ucc.asn.au,kex-strict-s-v00@openssh.com\x00\x00\x00 ssh-ed25519,rsa-sha2-256,ssh-rsa\x00\x00\x003chacha20-poly1305@openssh.com,aes128-ctr,aes256-ctr\x00\x00\x003chacha20-poly1305@openssh.com,aes128-ctr,aes256-ctr\x00\x00\x00\x17hmac-sha1,hmac-sha2-256\x00\x00\x00\x17hmac-sha1,hmac-sha2-256\x00\x00\x00\x15zlib@openssh.com,none\x00\x00\x00\x15zlib@openssh.com,none\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xa0\xc4f\x15\xae\xc8\x05"
            ),
            client(b"SSH-2.0-banner\r\n"),
        ),
        service=Service(name="ssh"),
        details={
            "protocol_version": "2.0",
            "software": "dropbear_2022.83",
            "kex_algorithms": [
                "curve25519-sha256",
                "curve25519-sha256@libssh.org",
                "ecdh-sha2-nistp521",
                "ecdh-sha2-nistp384",
                "ecdh-sha2-nistp256",
                "diffie-hellman-group14-sha256",
                "diffie-hellman-group14-sha1",
                "kexguess2@matt.ucc.asn.au",
                "kex-strict-s-v00@openssh.com",
            ],
            "host_key_algorithms": ["ssh-ed25519", "rsa-sha2-256", "ssh-rsa"],
            "encryption_to_server": ["chacha20-poly1305@openssh.com", "aes128-ctr", "aes256-ctr"],
            "encryption_to_client": ["chacha20-poly1305@openssh.com", "aes128-ctr", "aes256-ctr"],
            "mac_to_server": ["hmac-sha1", "hmac-sha2-256"],
            "mac_to_client": ["hmac-sha1", "hmac-sha2-256"],
            "compression_to_server": ["zlib@openssh.com", "none"],
            "compression_to_client": ["zlib@openssh.com", "none"],
            "hassh_server": "e1a0b5f8d334ec70fe937b2d5ff8d0b6",
        },
        deep=True,
    ),
)

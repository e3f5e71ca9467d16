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
        "OpenSSH 9.2p1, Debian 12, its Ed25519 key by curve25519",
        "recorded",
        turns=(
            server(b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10\r\n"),
            client(b"SSH-2.0-banner\r\n"),
            server(
                b"\x00\x00\x04<\t\x14i\xc4\xad\xeco\xf8\xc7\xbfw\xca\xbc\x97U\x85.\x1c\x00\x00\x01=sntrup761x25519-sha512,sntrup761x25519-sha512@openssh.com,curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256,ecdh-sha2-nistp384,ecdh-sha2-nistp521,diffie-hellman-group-exchange-sha256,diffie-hellman-group16-sha512,diffie-hellman-group18-sha512,diffie-hellman-group14-sha256,kex-strict-s-v00@openssh.com\x00\x00\x00\x0bssh-ed25519\x00\x00\x00lchacha20-poly1305@openssh.com,aes128-ctr,aes192-ctr,aes256-ctr,aes128-gcm@openssh.com,aes256-gcm@openssh.com\x00\x00\x00lchacha20-poly1305@openssh.com,aes128-ctr,aes192-ctr,aes256-ctr,aes128-gcm@openssh.com,aes256-gcm@openssh.com\x00\x00\x00\xd5umac-64-etm@openssh.com,umac-128-etm@openssh.com,hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com,hmac-sha1-etm@openssh.com,umac-64@openssh.com,umac-128@openssh.com,hmac-sha2-256,hmac-sha2-512,hmac-sha1\x00\x00\x00\xd5umac-64-etm@openssh.com,umac-128-etm@openssh.com,hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com,hmac-sha1-etm@openssh.com,umac-64@openssh.com,umac-128@openssh.com,hmac-sha2-256,hmac-sha2-512,hmac-sha1\x00\x00\x00\x15none,zlib@openssh.com\x00\x00\x00\x15none,zlib@openssh.com\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
            ),
            client(
                b"\x00\x00\x00\xd4\t\x14\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x11curve25519-sha256\x00\x00\x00\x0bssh-ed25519\x00\x00\x00\x1dchacha20-poly1305@openssh.com\x00\x00\x00\x1dchacha20-poly1305@openssh.com\x00\x00\x00\x17umac-64-etm@openssh.com\x00\x00\x00\x17umac-64-etm@openssh.com\x00\x00\x00\x04none\x00\x00\x00\x04none\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00,\x06\x1e\x00\x00\x00 \t\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
            ),
            server(
                b"\x00\x00\x00\xbc\x08\x1f\x00\x00\x003\x00\x00\x00\x0bssh-ed25519\x00\x00\x00 \xbbq\xe9\xa1\x8c\x1b\xc5\xd4\xd2~\xa3{b\x9e\x8ea \xc65\xb9\x11UGF\xfe\xe5\xc1\xe0\xdf\xc1f\x7f\x00\x00\x00 q\x9b\x99\xb5\xc3\x9fRz6\x07\xfb\xfc0h\xa0\xa1PF\xe5jT\xbaC\xe7\xdf\xcbq\xefp\xa4\x1d\x1f\x00\x00\x00S\x00\x00\x00\x0bssh-ed25519\x00\x00\x00@\\ey\x8aO\xbc3\xe0 \xe7\xd6\x9eNG+'ZFc\xf9\x86:w\"\xd8\x988\xc9\xe0\xc5\x97D\x05\x03\x92/f\t\x13g\xd2<\xbb\xc5\x8a\xab\xcd\x95\x8e\xf9\xda\x8e\xf9 \x9a\x0c\xdfE\xcf\xbd\xe4\xce\xc0\x03\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x0c\n\x15\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
            ),
            client(
                b"\x00\x00\x00\x1c\x0b\x01\x00\x00\x00\x0b\x00\x00\x00\x03bye\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
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
            "host_key_type": "ssh-ed25519",
            "host_key_bits": 256,
            "host_key_sha256": "SHA256:rYI6NESl+Icv700z1ezqTqcVs2p0eDCZCBv4oMH9ZCc",
        },
        deep=True,
    ),
    Recording(
        "OpenSSH 9.2p1, Debian 12, its RSA key by a NIST curve",
        "recorded",
        turns=(
            server(b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10\r\n"),
            client(b"SSH-2.0-banner\r\n"),
            server(
                b'\x00\x00\x01\x04\x07\x14\x95\xf0U\xad\xc8\x86}"_\xbe\x05<^\x86\xb9}\x00\x00\x00Mdiffie-hellman-group14-sha256,ecdh-sha2-nistp256,kex-strict-s-v00@openssh.com\x00\x00\x00\x19rsa-sha2-512,rsa-sha2-256\x00\x00\x00\naes128-ctr\x00\x00\x00\naes128-ctr\x00\x00\x00\rhmac-sha2-256\x00\x00\x00\rhmac-sha2-256\x00\x00\x00\x15none,zlib@openssh.com\x00\x00\x00\x15none,zlib@openssh.com\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00'
            ),
            client(
                b"\x00\x00\x00\x9c\t\x14\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x12ecdh-sha2-nistp256\x00\x00\x00\x0crsa-sha2-512\x00\x00\x00\naes128-ctr\x00\x00\x00\naes128-ctr\x00\x00\x00\rhmac-sha2-256\x00\x00\x00\rhmac-sha2-256\x00\x00\x00\x04none\x00\x00\x00\x04none\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00L\x05\x1e\x00\x00\x00A\x04k\x17\xd1\xf2\xe1,BG\xf8\xbc\xe6\xe5c\xa4@\xf2w\x03}\x81-\xeb3\xa0\xf4\xa19E\xd8\x98\xc2\x96O\xe3B\xe2\xfe\x1a\x7f\x9b\x8e\xe7\xebJ|\x0f\x9e\x16+\xce3Wk1^\xce\xcb\xb6@h7\xbfQ\xf5\x00\x00\x00\x00\x00"
            ),
            server(
                b"\x00\x00\x03\x84\n\x1f\x00\x00\x01\x97\x00\x00\x00\x07ssh-rsa\x00\x00\x00\x03\x01\x00\x01\x00\x00\x01\x81\x00\xc9\xbf+\x04\xa4\x9b\x18/\x9a\xad\x06\x9a\x08\xf8+K\x86\xbf3;Y\xd3\x0b\x1fH=\xcf\xbe\x92\x91\x97\x95\x19\xfc\xf7\xbch\xd6\x01(\x11\xf0\x06\xec\xc4\xba.\xa2\xcc\x93\xa1\xae1\xe2\x7f\xd3\xf2\xd7L\xe3\x04\xcfV\xb6\xf4{\xe1Nv\xeadc\x1cc\x8c\xee\xbd^vz\xec\xcc\x19\x89\x8c\x8f\xe2]\xee\xa4\xc0/c\x19\xc2\xfc\x8aO\xb2u\xfb\"\x05\x93\xd8/9\x90\xa3S\xbdR\xe0\xc0\xea\xff\xae`%\xa7:\xf0X\xc9\xd0)\x02LP\x0c)\xd3\xb5\xac\xc3\xbfkR\x85\xc9md\xa1\xff\xe3\xf4\x7f8\x96f\x973~\xff\xecx\x8c\xed\xfcG\xf4\xec\x9f\xbf\x1d+\xa7M\xef\xbd\x863\x85\xf2f\x86F\xc9\xc4n\x17\x97\x87Te\x14@}\x83{\xdf\xaaM]\x1a\xe9\x10\xd2V\xe4\xa1v\xe1D\x8bp\xaa&.\x88P[\x0f\xae\xf1\x86\x1fW\xf1(\x96 \x8d{ \x81\x0c\xa2\r\xf3WJ|\x95x\xf5\xc1\x0c\xb7\x1f\x82H\xeb\xac\x9d\x98\x11\xd8wd\xca\xf8Zf\xe2?\xaa\x02\x9c\xaa\xa9Q\x1e\x0e\x1e\xb9DK\xbf\xcf\xbd\x14v\x10\xa8\xac_\xcb\x1e\xd0\x9a6\xa2\xdf\xecR\xd40\xc3e\xa57\xe8\x0f\xfd#\x9e\xdfXo\x97\xae{J\x01i\xa1\x13\xaf\x83\x88\xce:\xb8\xe6\x82b\xec\x04\xb5\x7f\x91[\xd4c\x8c\xaa\x02\xc0\xe9x&\x88\xdb\"\x05\x80g`dW{\x85\xa5\xd2\x1e\xf1\x82\x90\x92g3\x14\x1dd\x870\x93$\xca-8A\xd0\xfc* \xbe.\xc7\xeeo.]\x08\xe3\xd1\x12LU\xe8\t\xc5y\x00\x00\x00A\x04/\xe4o!\xe4^\xc8\xe2\x9fz\x18c\r\xaafu3\x15\"\x045'\xba\x9e}\xf7\x93(\xd0L\x11\x1f\xb6\x08y\xb4\xeaY\x0c\xc9MQ\xa5vzmd\xc0\x0b\xec\xb8J\x8f\xb4\xdeH\xdeC\x06\xefs4\x06\x15\x00\x00\x01\x94\x00\x00\x00\x0crsa-sha2-512\x00\x00\x01\x80E\x0f\xc3\x1c\x01\x1cD\xa3p\x9b\xac\xa8G\xa5W<B9\xd1]\x02\xe2\x9e5/\x0ft\xba\xc7\xf9\x91Ax\xbd,\x9b\x03\x05\t\xbc\x12'f\xc3z\xaeR\xc1\xad\xc2\x0b*\x17\x94\xcb\xd0\xed\xfaL\xb6\x81g\xc9\x03\xdf\x84\x8e\xff\xca\xda\x86\xf3\xabU\x7f\x06n\x1fhKS\xea\xdb}Z!\x8bP\x8b{\xef\x07|\xde t6\x1f\x04B\x05X\xf0>\x86J\xed\x00+\t\xe2\x02\xfe\xa0\xa8-\x13K\x92}I\xdcX\x9d\xea\x94N)\xa2\x99\x83[\xc1^LUlo\x07+\xbc&d\x8c\xbf\\\xc9\xf2\xc8\xd1\xa3\xc9\x8bG\xabT\x04\r\xb6s\xf0?\x9e\xa1\xd4\xdf\xfd`Cn\xf4Ki\xba6!\xa1\x809\xbf\xc5[+\xdf\x8fh\x9e\x95'\x9e\xd9\xb9{0:\xc4\x12\x11\xf3\xc5\r\x08\xb6\xa8\xc1\xd5\xca>\xfa\x02\xf0R[\xc0\x98\xf9\xad\x8e\xd7\x80*NK[\xc2N\xe9Y8okc\t\xdb\xa2\x0b\xc5Y\xa4=3\xe8\xc3\xab4sr\x1a\tK\xd3\x15v\xb4\x9e!\x8eC\x93m\xa5\x1a\xd5@[\xdd\xfd\xe4i\xcaV\x8e\xb3cB\x0c\xd6\xa2\xcb\x10}#*\xf4\xb1i\xebr'\x1c'\xb2\x83\x91\xf0\xcf\xcf`0\xa6\xf2\xaf\xd0\x04\xaf$\xe5\xc8i=\x93\xa3\x94\xe5\x7f*dH\x8f\x15\x8dV\xb9\xdf\xe3\x05\xae;\x9b\xf5\x99\xfe\xac\x1aq\t\xbc\x03c\x1aB\xec\x96$\x15\xa1\xc8\x97i\\\n\xb9\xba\xea\xe9*\xf0\x17\xd8\xc9f\xc8\xdczlJ#l\xbc\xb0\xe0\xe3\x1c\xaaH\xdd\x14\x1a\xb8\x9c\x01`\x85\xec\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x0c\n\x15\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
            ),
            client(
                b"\x00\x00\x00\x1c\x0b\x01\x00\x00\x00\x0b\x00\x00\x00\x03bye\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
            ),
        ),
        service=Service(name="ssh"),
        details={
            "protocol_version": "2.0",
            "software": "OpenSSH_9.2p1",
            "comments": "Debian-2+deb12u10",
            "kex_algorithms": [
                "diffie-hellman-group14-sha256",
                "ecdh-sha2-nistp256",
                "kex-strict-s-v00@openssh.com",
            ],
            "host_key_algorithms": ["rsa-sha2-512", "rsa-sha2-256"],
            "encryption_to_server": ["aes128-ctr"],
            "encryption_to_client": ["aes128-ctr"],
            "mac_to_server": ["hmac-sha2-256"],
            "mac_to_client": ["hmac-sha2-256"],
            "compression_to_server": ["none", "zlib@openssh.com"],
            "compression_to_client": ["none", "zlib@openssh.com"],
            "hassh_server": "e1cb661bb6fcef757849b3fcb5421cd1",
            "host_key_type": "ssh-rsa",
            "host_key_bits": 3072,
            "host_key_sha256": "SHA256:bCay6Na8561sVhr8NpmlCKMfW89UoBkg6S+5dEQRxgw",
        },
        deep=True,
    ),
    Recording(
        "Dropbear 2022.83, Debian 12, its ECDSA key by curve25519",
        "recorded",
        turns=(
            server(
                b"SSH-2.0-dropbear_2022.83\r\n\x00\x00\x02\x04\x07\x14\xae\x94\xdf\x19\x07\x8dv\xafC\x90\x0b7\xea\xd7cd\x00\x00\x00\xd8curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp521,ecdh-sha2-nistp384,ecdh-sha2-nistp256,diffie-hellman-group14-sha256,diffie-hellman-group14-sha1,kexguess2@matt.ucc.asn.au,kex-strict-s-v00@openssh.com\x00\x00\x00(ecdsa-sha2-nistp256,rsa-sha2-256,ssh-rsa\x00\x00\x003chacha20-poly1305@openssh.com,aes128-ctr,aes256-ctr\x00\x00\x003chacha20-poly1305@openssh.com,aes128-ctr,aes256-ctr\x00\x00\x00\x17hmac-sha1,hmac-sha2-256\x00\x00\x00\x17hmac-sha1,hmac-sha2-256\x00\x00\x00\x15zlib@openssh.com,none\x00\x00\x00\x15zlib@openssh.com,none\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00/\xbe[\xde\xeay\xa4"
            ),
            client(
                b"SSH-2.0-banner\r\n\x00\x00\x00\xd4\x05\x14\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x11curve25519-sha256\x00\x00\x00\x13ecdsa-sha2-nistp256\x00\x00\x00\x1dchacha20-poly1305@openssh.com\x00\x00\x00\x1dchacha20-poly1305@openssh.com\x00\x00\x00\thmac-sha1\x00\x00\x00\thmac-sha1\x00\x00\x00\x10zlib@openssh.com\x00\x00\x00\x10zlib@openssh.com\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00,\x06\x1e\x00\x00\x00 \t\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
            ),
            server(
                b"\x00\x00\x01\x04\t\x1f\x00\x00\x00h\x00\x00\x00\x13ecdsa-sha2-nistp256\x00\x00\x00\x08nistp256\x00\x00\x00A\x04\x1b&\xc1\xd9Vb\x04\xd3j\x9c\xb0\x83]\xce6\x82@\x7fq\xf0Q\x01\x81\xbf\xf2\x19P\xa2k\xfb{\xfb\x87\x8ac\xeaX\x1d\xa8\xf3\xea3c\xd5O_\x9f\x181|\xc3\x06Y9\xba\xbaPu\xc9HZ\xce\xb1\t\x00\x00\x00 Rl\xb1@\x1b{\xc2\xe0\xe6i\x03\x01HG\xc3\x1fp/\xe4#uC\xc1\xc1\xe9y\x90?y4\x0ed\x00\x00\x00e\x00\x00\x00\x13ecdsa-sha2-nistp256\x00\x00\x00J\x00\x00\x00!\x00\xf1\xaf\x94\xf1K\x89\xf5\xde\xfd0+\x18\xd9\x13\xe3\xd9\xf4\xa6vD\x19] \xc0\xb7\x1b\x80\rB\xf3\xa6\x90\x00\x00\x00!\x00\x97\x87\xf5\xfb\xdc:\xd2\x1f\x81[\xbd X\xd1E\x9bv\xb4fD\x89uQ`o\x02\xe2QJ\xc4sF\x10]\xb4A\x96m\xac\x8dg\x00\x00\x00\x0c\n\x15\xbb\xb1\xbaw\x1e\xbb\x88X\x0b\xfc"
            ),
            client(
                b"\x00\x00\x00\x1c\x0b\x01\x00\x00\x00\x0b\x00\x00\x00\x03bye\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
            ),
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
            "host_key_algorithms": ["ecdsa-sha2-nistp256", "rsa-sha2-256", "ssh-rsa"],
            "encryption_to_server": ["chacha20-poly1305@openssh.com", "aes128-ctr", "aes256-ctr"],
            "encryption_to_client": ["chacha20-poly1305@openssh.com", "aes128-ctr", "aes256-ctr"],
            "mac_to_server": ["hmac-sha1", "hmac-sha2-256"],
            "mac_to_client": ["hmac-sha1", "hmac-sha2-256"],
            "compression_to_server": ["zlib@openssh.com", "none"],
            "compression_to_client": ["zlib@openssh.com", "none"],
            "hassh_server": "e1a0b5f8d334ec70fe937b2d5ff8d0b6",
            "host_key_type": "ecdsa-sha2-nistp256",
            "host_key_bits": 256,
            "host_key_sha256": "SHA256:pfr+ckgk9p9Rce/lO4Dx12uX8OzGzEeR2BvbtgNTePE",
        },
        deep=True,
    ),
)

"""Conversations of ftp."""

from banner.models import Service

from ..conversation import TLS, Recording, client, server

RECORDINGS = (
    Recording(
        "ProFTPD 1.3.8, Debian 12",
        "recorded",
        turns=(
            server(b"220 ProFTPD Server (Debian) [::ffff:127.0.0.1]\r\n"),
            client(b"FEAT\r\n"),
            server(
                b"211-Features:\r\n"
                b" AUTH TLS\r\n"
                b" CCC\r\n"
                b" CLNT\r\n"
                b" CSID\r\n"
                b" EPRT\r\n"
                b" EPSV\r\n"
                b" HOST\r\n"
                b" LANG C.UTF-8*\r\n"
                b" MDTM\r\n"
                b" MFF modify;UNIX.group;UNIX.mode;\r\n"
                b" MFMT\r\n"
                b" MLST modify*;perm*;size*;type*;unique*;UNIX.group*;UNIX.groupname*;UNIX.mode*;UNIX.owner*;UNIX.ownername*;\r\n"
                b" PBSZ\r\n"
                b" PROT\r\n"
                b" RANG STREAM\r\n"
                b" REST STREAM\r\n"
                b" SIZE\r\n"
                b" SSCN\r\n"
                b" TVFS\r\n"
                b" UTF8\r\n"
                b"211 End\r\n"
            ),
            client(b"AUTH TLS\r\n"),
            server(b"234 AUTH TLS successful\r\n"),
            TLS,
            client(b"QUIT\r\n"),
        ),
        service=Service(name="ftp"),
        details={
            "features": [
                "AUTH TLS",
                "CCC",
                "CLNT",
                "CSID",
                "EPRT",
                "EPSV",
                "HOST",
                "LANG C.UTF-8*",
                "MDTM",
                "MFF modify;UNIX.group;UNIX.mode;",
                "MFMT",
                "MLST modify*;perm*;size*;type*;unique*;UNIX.group*;UNIX.groupname*;UNIX.mode*;UNIX.owner*;UNIX.ownername*;",
                "PBSZ",
                "PROT",
                "RANG STREAM",
                "REST STREAM",
                "SIZE",
                "SSCN",
                "TVFS",
                "UTF8",
            ]
        },
    ),
    Recording(
        "ProFTPD 1.3.8, Debian 12, full",
        "recorded",
        turns=(
            server(b"220 ProFTPD Server (Debian) [::ffff:127.0.0.1]\r\n"),
            client(b"FEAT\r\n"),
            server(
                b"211-Features:\r\n"
                b" AUTH TLS\r\n"
                b" CCC\r\n"
                b" CLNT\r\n"
                b" CSID\r\n"
                b" EPRT\r\n"
                b" EPSV\r\n"
                b" HOST\r\n"
                b" LANG C.UTF-8*\r\n"
                b" MDTM\r\n"
                b" MFF modify;UNIX.group;UNIX.mode;\r\n"
                b" MFMT\r\n"
                b" MLST modify*;perm*;size*;type*;unique*;UNIX.group*;UNIX.groupname*;UNIX.mode*;UNIX.owner*;UNIX.ownername*;\r\n"
                b" PBSZ\r\n"
                b" PROT\r\n"
                b" RANG STREAM\r\n"
                b" REST STREAM\r\n"
                b" SIZE\r\n"
                b" SSCN\r\n"
                b" TVFS\r\n"
                b" UTF8\r\n"
                b"211 End\r\n"
            ),
            client(b"SYST\r\n"),
            server(b"215 UNIX Type: L8\r\n"),
            client(b"AUTH TLS\r\n"),
            server(b"234 AUTH TLS successful\r\n"),
            TLS,
            client(b"QUIT\r\n"),
        ),
        service=Service(name="ftp"),
        details={
            "features": [
                "AUTH TLS",
                "CCC",
                "CLNT",
                "CSID",
                "EPRT",
                "EPSV",
                "HOST",
                "LANG C.UTF-8*",
                "MDTM",
                "MFF modify;UNIX.group;UNIX.mode;",
                "MFMT",
                "MLST modify*;perm*;size*;type*;unique*;UNIX.group*;UNIX.groupname*;UNIX.mode*;UNIX.owner*;UNIX.ownername*;",
                "PBSZ",
                "PROT",
                "RANG STREAM",
                "REST STREAM",
                "SIZE",
                "SSCN",
                "TVFS",
                "UTF8",
            ],
            "system": "UNIX Type: L8",
        },
        deep=True,
    ),
    Recording(
        "vsftpd 3.0.3, Debian 12",
        "recorded",
        turns=(
            server(b"220 (vsFTPd 3.0.3)\r\n"),
            client(b"FEAT\r\n"),
            server(
                b"211-Features:\r\n"
                b" AUTH TLS\r\n"
                b" EPRT\r\n"
                b" EPSV\r\n"
                b" MDTM\r\n"
                b" PASV\r\n"
                b" PBSZ\r\n"
                b" PROT\r\n"
                b" REST STREAM\r\n"
                b" SIZE\r\n"
                b" TVFS\r\n"
                b"211 End\r\n"
            ),
            client(b"AUTH TLS\r\n"),
            server(b"234 Proceed with negotiation.\r\n"),
            TLS,
            client(b"QUIT\r\n"),
        ),
        service=Service(name="ftp"),
        details={
            "features": [
                "AUTH TLS",
                "EPRT",
                "EPSV",
                "MDTM",
                "PASV",
                "PBSZ",
                "PROT",
                "REST STREAM",
                "SIZE",
                "TVFS",
            ]
        },
    ),
    Recording(
        "vsftpd 3.0.3, Debian 12, full",
        "recorded",
        turns=(
            server(b"220 (vsFTPd 3.0.3)\r\n"),
            client(b"FEAT\r\n"),
            server(
                b"211-Features:\r\n"
                b" AUTH TLS\r\n"
                b" EPRT\r\n"
                b" EPSV\r\n"
                b" MDTM\r\n"
                b" PASV\r\n"
                b" PBSZ\r\n"
                b" PROT\r\n"
                b" REST STREAM\r\n"
                b" SIZE\r\n"
                b" TVFS\r\n"
                b"211 End\r\n"
            ),
            client(b"SYST\r\n"),
            server(b"530 Please login with USER and PASS.\r\n"),
            client(b"AUTH TLS\r\n"),
            server(b"234 Proceed with negotiation.\r\n"),
            TLS,
            client(b"QUIT\r\n"),
        ),
        service=Service(name="ftp"),
        details={
            "features": [
                "AUTH TLS",
                "EPRT",
                "EPSV",
                "MDTM",
                "PASV",
                "PBSZ",
                "PROT",
                "REST STREAM",
                "SIZE",
                "TVFS",
            ]
        },
        deep=True,
    ),
)

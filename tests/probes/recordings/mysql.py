"""Conversations of mysql."""

from banner.models import Service

from ..conversation import TLS, Recording, client, server

RECORDINGS = (
    Recording(
        "MariaDB 10.11.19, Debian 12",
        "recorded",
        turns=(
            server(
                b"d\x00\x00\x00\n5.5.5-10.11.19-MariaDB-0+deb12u1\x00\x05\x00\x00\x00k]sK\\k%t\x00\xfe\xff\x08\x02\x00\xff\x81\x15\x00\x00\x00\x00\x00\x00\x1d\x00\x00\x00<j$q/2Px0#]+\x00mysql_native_password\x00"
            ),
            client(
                b" \x00\x00\x01\x00\x8a\x00\x00\x00\x00\x00\x01!\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
            ),
            TLS,
        ),
        service=Service(
            name="mysql",
            vendor="MariaDB",
            product="MariaDB",
            version="10.11.19",
            cpe=("cpe:2.3:a:mariadb:mariadb:10.11.19:*:*:*:*:*:*:*",),
        ),
        details={
            "protocol": 10,
            "server_version": "5.5.5-10.11.19-MariaDB-0+deb12u1",
            "thread_id": 5,
            "capabilities": [
                "found_rows",
                "long_flag",
                "connect_with_db",
                "no_schema",
                "compress",
                "odbc",
                "local_files",
                "ignore_space",
                "protocol_41",
                "interactive",
                "ssl",
                "ignore_sigpipe",
                "transactions",
                "reserved",
                "secure_connection",
                "multi_statements",
                "multi_results",
                "ps_multi_results",
                "plugin_auth",
                "connect_attrs",
                "plugin_auth_lenenc_client_data",
                "can_handle_expired_passwords",
                "session_track",
                "deprecate_eof",
                "remember_options",
            ],
            "character_set": 8,
            "status": 2,
            "auth_plugin": "mysql_native_password",
        },
    ),
)

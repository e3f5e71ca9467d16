"""Redis and its kin."""

from banner.models import Service

from ..conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "Redis 7.0.15, Debian 12",
        "recorded",
        turns=(
            client(b"*1\r\n$4\r\nPING\r\n*2\r\n$4\r\nINFO\r\n$6\r\nserver\r\n"),
            server(
                b"+PONG\r\n"
                b"$572\r\n"
                b"# Server\r\n"
                b"redis_version:7.0.15\r\n"
                b"redis_git_sha1:00000000\r\n"
                b"redis_git_dirty:0\r\n"
                b"redis_build_id:ae4d7c971a948f0\r\n"
                b"redis_mode:standalone\r\n"
                b"os:Linux 6.12.48-1-amd64 x86_64\r\n"
                b"arch_bits:64\r\n"
                b"monotonic_clock:POSIX clock_gettime\r\n"
                b"multiplexing_api:epoll\r\n"
                b"atomicvar_api:c11-builtin\r\n"
                b"gcc_version:12.2.0\r\n"
                b"process_id:25947\r\n"
                b"process_supervised:no\r\n"
                b"run_id:a59e1a4c4c64ea1094dd1b55fd285ae963ec6555\r\n"
                b"tcp_port:16381\r\n"
                b"server_time_usec:1795371151369168\r\n"
                b"uptime_in_seconds:146\r\n"
                b"uptime_in_days:0\r\n"
                b"hz:10\r\n"
                b"configured_hz:10\r\n"
                b"lru_clock:209039\r\n"
                b"executable:/redis-server\r\n"
                b"config_file:\r\n"
                b"io_threads_active:0\r\n"
                b"\r\n"
            ),
        ),
        service=Service(
            "redis",
            vendor="Redis",
            product="Redis",
            version="7.0.15",
            os="Linux",
            cpe=("cpe:2.3:a:redis:redis:7.0.15:*:*:*:*:*:*:*",),
            confidence=0.95,
        ),
        details={
            "auth_required": False,
            "redis_version": "7.0.15",
            "redis_mode": "standalone",
            "os": "Linux 6.12.48-1-amd64 x86_64",
            "arch_bits": "64",
            "gcc_version": "12.2.0",
            "redis_build_id": "ae4d7c971a948f0",
        },
    ),
    Recording(
        "Redis 7.0.15 with a password",
        "recorded",
        turns=(
            client(b"*1\r\n$4\r\nPING\r\n*2\r\n$4\r\nINFO\r\n$6\r\nserver\r\n"),
            server(b"-NOAUTH Authentication required.\r\n-NOAUTH Authentication required.\r\n"),
        ),
        service=Service("redis"),
        details={"error": "NOAUTH Authentication required.", "auth_required": True},
    ),
    Recording(
        "Redis in protected mode",
        "Redis, src/networking.c, and 'Security' in its manual",
        turns=(
            client(b"*1\r\n$4\r\nPING\r\n*2\r\n$4\r\nINFO\r\n$6\r\nserver\r\n"),
            server(
                b"-DENIED Redis is running in protected mode because protected mode is enabled, no bind "
                b"address was specified, no authentication password is requested to clients.\r\n"
            ),
        ),
        service=Service("redis"),
        details={
            "error": "DENIED Redis is running in protected mode because protected mode is enabled, no bind "
            "address was specified, no authentication password is requested to clients.",
            "protected_mode": True,
        },
    ),
)

"""beanstalkd."""

from banner.models import Service

from ..conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "beanstalkd 1.12, Debian 12",
        "recorded",
        turns=(
            client(b"stats\r\n"),
            server(
                b"OK 956\r\n"
                b"---\n"
                b"current-jobs-urgent: 0\n"
                b"current-jobs-ready: 0\n"
                b"current-jobs-reserved: 0\n"
                b"current-jobs-delayed: 0\n"
                b"current-jobs-buried: 0\n"
                b"cmd-put: 0\n"
                b"cmd-peek: 0\n"
                b"cmd-peek-ready: 0\n"
                b"cmd-peek-delayed: 0\n"
                b"cmd-peek-buried: 0\n"
                b"cmd-reserve: 0\n"
                b"cmd-reserve-with-timeout: 0\n"
                b"cmd-delete: 0\n"
                b"cmd-release: 0\n"
                b"cmd-use: 0\n"
                b"cmd-watch: 0\n"
                b"cmd-ignore: 0\n"
                b"cmd-bury: 0\n"
                b"cmd-kick: 0\n"
                b"cmd-touch: 0\n"
                b"cmd-stats: 2\n"
                b"cmd-stats-job: 0\n"
                b"cmd-stats-tube: 0\n"
                b"cmd-list-tubes: 0\n"
                b"cmd-list-tube-used: 0\n"
                b"cmd-list-tubes-watched: 0\n"
                b"cmd-pause-tube: 0\n"
                b"job-timeouts: 0\n"
                b"total-jobs: 0\n"
                b"max-job-size: 65535\n"
                b"current-tubes: 1\n"
                b"current-connections: 1\n"
                b"current-producers: 0\n"
                b"current-workers: 0\n"
                b"current-waiting: 0\n"
                b"total-connections: 2\n"
                b"pid: 28079\n"
                b'version: "1.12"\n'
                b"rusage-utime: 0.000000\n"
                b"rusage-stime: 0.003870\n"
                b"uptime: 7\n"
                b"binlog-oldest-index: 0\n"
                b"binlog-current-index: 0\n"
                b"binlog-records-migrated: 0\n"
                b"binlog-records-written: 0\n"
                b"binlog-max-size: 10485760\n"
                b"draining: false\n"
                b"id: ce87f50cba0c85e0\n"
                b"hostname: vm\n"
                b"os: #1 SMP PREEMPT_DYNAMIC @0\n"
                b"platform: x86_64\n"
                b"\r\n"
            ),
            client(b"quit\r\n"),
        ),
        service=Service(
            "beanstalkd",
            vendor="beanstalkd",
            product="beanstalkd",
            version="1.12",
            cpe=("cpe:2.3:a:beanstalkd_project:beanstalkd:1.12:*:*:*:*:*:*:*",),
            confidence=0.95,
        ),
    ),
)

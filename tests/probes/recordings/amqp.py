"""AMQP brokers."""

from banner.models import Service

from ..conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "RabbitMQ 3.10, Debian 12",
        "recorded",
        turns=(
            client(b"AMQP\x00\x00\t\x01"),
            server(
                b"\x01\x00\x00\x00\x00\x01\xf0\x00\n"
                b"\x00\n"
                b"\x00\t\x00\x00\x01\xcb\x0ccapabilitiesF\x00\x00\x00\xc7\x12pub"
                b"lisher_confirmst\x01\x1aexchange_e"
                b"xchange_bindingst\x01\n"
                b"basic.nackt\x01\x16consumer_cancel"
                b"_notifyt\x01\x12connection.blocked"
                b"t\x01\x13consumer_prioritiest\x01\x1caut"
                b"hentication_failure_closet\x01\x10"
                b"per_consumer_qost\x01\x0fdirect_re"
                b"ply_tot\x01\x0ccluster_nameS\x00\x00\x00\tba"
                b"nner@vm\tcopyrightS\x00\x00\x007Copyri"
                b"ght (c) 2007-2022 VMware, In"
                b"c. or its affiliates.\x0binform"
                b"ationS\x00\x00\x009Licensed under the"
                b" MPL 2.0. Website: https://r"
                b"abbitmq.com\x08platformS\x00\x00\x00\x11Erl"
                b"ang/OTP 25.2.3\x07productS\x00\x00\x00\x08R"
                b"abbitMQ\x07versionS\x00\x00\x00\x063.10.8\x00\x00"
                b"\x00\x0ePLAIN AMQPLAIN\x00\x00\x00\x05en_US\xce"
            ),
        ),
        service=Service(
            "amqp",
            vendor="Broadcom",
            product="RabbitMQ",
            version="3.10.8",
            cpe=("cpe:2.3:a:vmware:rabbitmq:3.10.8:*:*:*:*:*:*:*",),
            confidence=0.95,
        ),
        details={
            "protocol_version": "0-9",
            "product": "RabbitMQ",
            "version": "3.10.8",
            "platform": "Erlang/OTP 25.2.3",
            "cluster_name": "banner@vm",
            "mechanisms": ["PLAIN", "AMQPLAIN"],
            "locales": ["en_US"],
        },
    ),
)

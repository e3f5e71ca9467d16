"""Conversations of openwire."""

from banner.models import Service

from ..conversation import Recording, server

RECORDINGS = (
    Recording(
        "ActiveMQ 5.17.2, Debian 12",
        "recorded",
        turns=(
            server(
                b"\x00\x00\x01R\x01ActiveMQ\x00\x00\x00\x0c\x01\x00\x00\x01@\x00\x00\x00\r\x00\x11StackTraceEnabled\x01\x01\x00\x0fPlatformDetails\t\x00\x04Java\x00\x0cCacheEnabled\x01\x01\x00\x11TcpNoDelayEnabled\x01\x01\x00\x12SizePrefixDisabled\x01\x00\x00\tCacheSize\x05\x00\x00\x04\x00\x00\x0cProviderName\t\x00\x08ActiveMQ\x00\x14TightEncodingEnabled\x01\x01\x00\x0cMaxFrameSize\x06\x7f\xff\xff\xff\xff\xff\xff\xff\x00\x15MaxInactivityDuration\x06\x00\x00\x00\x00\x00\x00u0\x00 MaxInactivityDurationInitalDelay\x06\x00\x00\x00\x00\x00\x00'\x10\x00\x13MaxFrameSizeEnabled\x01\x01\x00\x0fProviderVersion\t\x00\x065.17.2"
            ),
        ),
        service=Service(name="openwire"),
        details={
            "protocol_version": "12",
            "stack_trace_enabled": True,
            "platform": "Java",
            "cache_enabled": True,
            "tcp_no_delay_enabled": True,
            "size_prefix_disabled": False,
            "cache_size": 1024,
            "provider_name": "ActiveMQ",
            "tight_encoding_enabled": True,
            "max_frame_size": 9223372036854775807,
            "max_inactivity": 30000,
            "max_inactivity_initial_delay": 10000,
            "max_frame_size_enabled": True,
            "provider_version": "5.17.2",
        },
    ),
)

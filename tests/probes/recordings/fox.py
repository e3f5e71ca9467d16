"""Niagara Fox."""

from banner.models import Service

from ..conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "a JACE of Niagara 4",
        "written in the form of a station's hello",
        turns=(
            client(b"fox a 1 -1 fox hello\n{\nfox.version=s:1.0\nid=i:1\n};;\n"),
            server(
                b"fox a 0 -1 fox hello\n"
                b"{\n"
                b"fox.version=s:1.0.1\n"
                b"id=i:1\n"
                b"hostName=s:192.0.2.7\n"
                b"hostAddress=s:192.0.2.7\n"
                b"app.name=s:Station\n"
                b"app.version=s:4.10.0.154\n"
                b"vm.name=s:Java HotSpot(TM) Embedded Client VM\n"
                b"vm.version=s:25.141-b01\n"
                b"os.name=s:QNX\n"
                b"os.version=s:6.5.0\n"
                b"station.name=s:Hall2\n"
                b"lang=s:en\n"
                b"timeZone=s:Europe/Vienna;3600000\n"
                b"hostId=s:Qnx-TITAN-1234-5678-9ABC-DEF0\n"
                b"brandId=s:vykon\n"
                b"};;\n"
            ),
        ),
        service=Service(name="fox", vendor="Tridium", product="Niagara", version="4.10.0.154", os="QNX"),
        details={
            "hostname": "192.0.2.7",
            "host_address": "192.0.2.7",
            "application": "Station",
            "application_version": "4.10.0.154",
            "vm_name": "Java HotSpot(TM) Embedded Client VM",
            "vm_version": "25.141-b01",
            "os_name": "QNX",
            "os_version": "6.5.0",
            "station": "Hall2",
            "lang": "en",
            "time_zone": "Europe/Vienna",
            "host_id": "Qnx-TITAN-1234-5678-9ABC-DEF0",
            "brand": "vykon",
        },
    ),
)

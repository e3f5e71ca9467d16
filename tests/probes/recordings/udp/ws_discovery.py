"""ws-discovery over UDP."""

from banner.models import Service

from ...conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "wsdd2 1.8.7, Debian 12",
        "recorded",
        turns=(
            client(
                b'<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope" xmlns:wsa="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:wsd="http://schemas.xmlsoap.org/ws/2005/04/discovery" xmlns:wsdp="http://schemas.xmlsoap.org/ws/2006/02/devprof"><soap:Header><wsa:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</wsa:To><wsa:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</wsa:Action><wsa:MessageID>urn:uuid:62616e6e-6572-2061-736b-7320616e6420</wsa:MessageID></soap:Header><soap:Body><wsd:Probe><wsd:Types>wsdp:Device</wsd:Types></wsd:Probe></soap:Body></soap:Envelope>'
            ),
            server(
                b'<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope" xmlns:wsa="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:wsd="http://schemas.xmlsoap.org/ws/2005/04/discovery" xmlns:wsx="http://schemas.xmlsoap.org/ws/2004/09/mex" xmlns:wsdp="http://schemas.xmlsoap.org/ws/2006/02/devprof" xmlns:un0="http://schemas.microsoft.com/windows/pnpx/2005/10" xmlns:pub="http://schemas.microsoft.com/windows/pub/2005/07"><soap:Header><wsa:To>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</wsa:To><wsa:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/ProbeMatches</wsa:Action><wsa:MessageID>urn:uuid:e1b0e53c-c81b-2f9c-377d-8fd63b8e0ed3</wsa:MessageID><wsd:AppSequence InstanceId="1795775767" SequenceId="urn:uuid:7d133759-7265-1076-d239-b1cb17b56760" MessageNumber="6" /><wsa:RelatesTo>urn:uuid:62616e6e-6572-2061-736b-7320616e6420</wsa:RelatesTo></soap:Header><soap:Body><wsd:ProbeMatches><wsd:ProbeMatch><wsa:EndpointReference><wsa:Address>urn:uuid:3d1219c7-c4c5-404a-aa1f-6d2a48adfda4</wsa:Address></wsa:EndpointReference><wsd:Types>wsdp:Device pub:Computer</wsd:Types><wsd:XAddrs>http://192.0.2.1:3702/3d1219c7-c4c5-404a-aa1f-6d2a48adfda4</wsd:XAddrs><wsd:MetadataVersion>2</wsd:MetadataVersion></wsd:ProbeMatch></wsd:ProbeMatches></soap:Body></soap:Envelope>'
            ),
        ),
        service=Service(name="ws-discovery"),
        details={
            "endpoint": "urn:uuid:3d1219c7-c4c5-404a-aa1f-6d2a48adfda4",
            "types": ["wsdp:Device", "pub:Computer"],
            "addresses": ["http://192.0.2.1:3702/3d1219c7-c4c5-404a-aa1f-6d2a48adfda4"],
        },
    ),
)

"""Options of nmap, masscan and zgrab2 that a hand types from habit, and what does the same here."""

from __future__ import annotations

FOREIGN = {
    "-iL": "-i FILE reads targets",
    "--input-file": "-i FILE reads targets",
    "--includefile": "-i FILE reads targets",
    "-oX": "-o FILE.xml writes nmap's XML",
    "-oN": "-o FILE.jsonl writes records, banner show reads them",
    "-oG": "-o FILE.jsonl writes records, banner show reads them",
    "-oA": "-o may be given several times",
    "-oJ": "-o FILE.jsonl writes records",
    "--json": "records are JSON lines: -o FILE.jsonl, or -o -",
    "-sV": "services and versions are told anyway",
    "-sT": "connections are whole ones anyway",
    "-sS": "connections are whole ones: there are no half-open scans",
    "-sU": "ports over UDP are U:53,161 or 53,161/udp",
    "-Pn": "nobody is pinged anyway",
    "-sn": "nobody is pinged: -p names the ports that are tried",
    "-A": "services and versions are told anyway",
    "-t": "--timeout is the time for a target in seconds, -c the number of targets in flight",
    "-T4": "--rate and --timeout set the pace",
    "-T5": "--rate and --timeout set the pace",
    "-F": "-p top:100",
    "--top-ports": "-p top:100",
    "--port": "-p names ports",
    "--banners": "greetings are kept anyway",
    "--open": "what is open is shown anyway; --only STATUS chooses",
    "--max-rate": "--rate is in connections per second",
    "--min-rate": "--rate is in connections per second",
    "--senders": "-c is the number of targets in flight",
    "--threads": "-c is the number of targets in flight",
    "--excludefile": "--exclude-file names such a file",
}
TAKEN_APART = frozenset({"-iL", "-oX", "-oN", "-oG", "-oA", "-oJ"})
"""Those that would be read as an option of ours with a value: ``-oX`` as an output named X."""

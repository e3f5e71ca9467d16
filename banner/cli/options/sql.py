"""The options of ``banner sql``."""

from __future__ import annotations

import argparse

EXAMPLES = """examples:
  banner sql scan.jsonl "SELECT service, count(*) FROM scan GROUP BY service"
  banner sql scan.jsonl "SELECT cert_not_after, host, port FROM scan ORDER BY 1"
  banner sql scan.parquet "SELECT details->>'title' FROM scan" --json
  banner sql scan.jsonl "DESCRIBE scan\""""


def fill(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Ask a scan in SQL, by DuckDB (pip install 'aiobanner[sql]'). The table is scan, its columns are those of "
        "docs/formats.md; details and cert_chain are JSON. Off a terminal the cells are whole, with tabs between."
    )
    parser.add_argument("scan", metavar="SCAN", help="records in any of the formats; - is standard input")
    parser.add_argument("query", metavar="QUERY", help="what DuckDB understands: SELECT ... FROM scan")
    parser.add_argument("--json", action="store_true", help="a line of JSON for each row")

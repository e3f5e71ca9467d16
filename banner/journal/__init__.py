"""What of a scan is done and durable, so that a killed one goes on: nothing lost, nothing repeated.

The journal beside an output, the ledger of what is done, the output that has a journal, and resuming. Of a
command line nothing is known here.
"""

__all__ = ["journal", "ledger", "output"]

"""What of a scan is done and durable, so that a killed one goes on: nothing lost, nothing repeated.

``scan_output`` is the way in: an output that gives the targets that are left and takes what was found, used by a
program as by the command; ``resuming`` finds what an earlier run left. Below are the journal beside an output, the
ledger of what is done, and the two outputs that have a journal. Of a command line nothing is known here.
"""

__all__ = ["journal", "keeping", "kept", "ledger", "output", "resuming", "scan_output"]

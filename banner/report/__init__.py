"""A scan as one self-contained page, and the difference of two scans.

Records in, a page or lines out. A page fetches nothing and treats every word of a peer as hostile.
"""

__all__ = ["assemble", "changes", "difference", "findings", "overview", "scans", "sides", "since"]

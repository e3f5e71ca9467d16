"""The same scan on several processes and machines: slices for local workers, shards for a cluster of Dask.

What is done is told by the parent's journal alone; a worker that dies, or stands still, costs no target. How
a target is visited is the sweep's.
"""

__all__ = ["cluster", "scanning", "shards", "slices", "workers"]

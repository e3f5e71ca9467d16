"""The protocols that are asked over UDP: one file each with one `Probe` named ``PROBE``, as in the folder above."""

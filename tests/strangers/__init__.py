"""A crowd of strange peers: behaviours mutated from all recordings, from a seed, that answer on loopback."""

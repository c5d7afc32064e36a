"""Many students at once: load, bursts, and parts that die under it."""

"""Benchmarks: every speed is a ratio to something measured in the same run."""

"""Readers of the files that schools have."""

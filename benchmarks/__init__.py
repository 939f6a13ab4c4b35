"""Timings: one long replication, and the same pathway written the usual way for comparison."""

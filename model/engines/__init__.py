"""Engines: each runs a network and returns an episode log. The SimPy engine is the reference."""

"""Families moving through a council's children's services, simulated."""

__version__ = "0.1.0"

"""The returns that every council files, read into plain tables of records.

Child-level records stay in memory: nothing here writes, logs or words them.
"""

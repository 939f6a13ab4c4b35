"""Redesigns as people build them: levers to move, a draft with undo, a link, a shelf.

A redesign is a scenario like those in scenarios/: what is built here can be run from the command
line, and what is read there can be edited here.
"""

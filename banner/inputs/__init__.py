"""What is visited: text, files and other tools' outputs to targets, in an order that needs no list.

Everything is read as it is needed. ``route`` is a scan's way through its targets, visited from any position
on; ``neighbours/`` has one file for each tool. No name is looked up here.
"""

__all__ = ["cut", "files", "former", "named", "neighbours", "order", "route", "selection", "spec"]

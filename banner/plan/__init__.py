"""What is tried at a port, in which order, and when to stop; and what a greeting says by itself.

A plan is a generator: it yields steps and is sent what was heard. It is computed from facts in the probes,
the port and the peer's reactions, never from priority numbers. Nothing here waits or speaks.
"""

__all__ = [
    "chosen", "conversation", "exchange", "greeting", "hellos", "own", "planner", "questions", "reactions", "refusals",
    "steps",
]  # fmt: skip

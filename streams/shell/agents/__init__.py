"""The agents: one module a hop, each a function from one message to what is to be sent and kept.

In all of them, what is sent is confirmed before a table is set, and both before the message is
acknowledged: a crash at any line repeats outputs with the same ids and loses none. What goes wrong
is raised and settled by the guard. What a story says, what a dossier is and what is worth an alert
is decided in `streams.core`.
"""

from typing import Literal, get_args

Hop = Literal["parse", "read", "fold", "deliver"]
HOPS: tuple[Hop, ...] = get_args(Hop)
"""In the order a story takes."""

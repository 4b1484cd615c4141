"""The contract: what may be on a topic.

Frozen records, the topics they travel on, ids made from content, and the codec that turns a record
into bytes and back. Nothing here knows how a story is read or how a dossier is folded, and nothing
here does input or output, reads a clock or draws a random number.
"""

"""The commands, one module each; the module of `dead-letters` is `dead_letters`.

Each has its click command in `command`. Nothing here decides anything about stories.
"""

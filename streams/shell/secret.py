"""Secrets by reference: where one is, never what it is.

A reference is `env:NAME` or `file:PATH`. The secret itself is in no representation, log or error.
"""

from collections.abc import Mapping
from pathlib import Path

REMEDY = "write env:NAME or file:PATH, and keep the secret there"


class SecretError(Exception):
    """A secret is not where its reference says; the message has the reference alone."""


class Secret:
    """One secret. Two are equal when their references are."""

    __slots__ = ("_variables", "reference")

    def __init__(self, reference: str, environ: Mapping[str, str]) -> None:
        self.reference = reference
        self._variables = environ

    def reveal(self) -> str:
        """The secret in the clear, without a line end; a file is read anew, as it may be changed.

        Raises `SecretError` where there is none, or an empty one.
        """
        kind, _, place = self.reference.partition(":")
        if kind == "env":
            found = self._variables.get(place, "")
        else:
            try:
                found = Path(place).read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError) as error:
                reason = getattr(error, "strerror", None) or "it is not in UTF-8"
                raise SecretError(f"{self.reference}: {reason}") from None
        if not found.strip():
            raise SecretError(f"{self.reference}: nothing is there")
        return found.strip("\r\n")

    def __repr__(self) -> str:
        return f"Secret({self.reference!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other.reference == self.reference

    def __hash__(self) -> int:
        return hash(self.reference)


def is_reference(value: str) -> bool:
    """Whether this names a place of a secret and is none itself."""
    kind, _, place = value.partition(":")
    return kind in ("env", "file") and bool(place.strip())

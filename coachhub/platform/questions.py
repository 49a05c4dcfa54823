"""Questions to the domains above: a domain asks; app.py wires who knows.

This is how a lower domain follows a rule of one that it must not know. News goes the same way, without an answer.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


class Question(Generic[Answer]):
    """One question. Who answers reads in the same transaction; while nobody is wired the answer is `otherwise`."""

    def __init__(self, otherwise: Answer) -> None:
        self._answer: Callable[[], Answer] = lambda: otherwise

    def answered_by(self, answer: Callable[[], Answer]) -> None:
        """Have somebody answer from now on, instead of whoever did before."""
        self._answer = answer

    def ask(self) -> Answer:
        """The answer for the running practice."""
        return self._answer()

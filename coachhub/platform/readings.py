"""What was read of a practice under a stamp, kept in this process: while the stamp is the same, nobody reads it again.

A stamp is a word that the database keeps beside what is read, another one with each change of any of it. Whoever asks
names the stamp of the reading that is kept here, and is told only whether it still holds. It is shared by all who work
in the practice, so nothing of one person may be in it.

What is read along with who asks (along.py) is asked for before anybody knows who that is. So whose reading is meant is
guessed: whoever came with a sign-in token a moment ago comes with it again. A wrong guess costs a reading. It shows
nobody anything, since what was kept is looked for by who asks, once that is known, and by the stamp they were told.
"""

from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Any, Generic, NamedTuple, Protocol, TypeVar
from uuid import UUID

from flask import current_app, request

from coachhub.platform.identity import signed_in_as

Told = TypeVar("Told")
Heard = TypeVar("Heard", bound="Answer")


class Reader(NamedTuple):
    """Who reads, and in which practice."""

    practice_id: UUID
    user_id: UUID


class _Guess:
    """Who came last with a token."""

    reader: Reader | None = None


class _Memory(Generic[Told]):
    """What was read last of one thing, and under which stamp."""

    reading: tuple[str, Told] | None = None


class Answer(Protocol):
    """What the database has told: the stamp, and whether all that is kept under it is as it was known, so not told."""

    @property
    def stamp(self) -> str | None: ...

    @property
    def is_as_known(self) -> bool: ...


class Readings(Generic[Told]):
    """Readings of one kind. Those that nobody has asked for longest make room for others, beyond `most`."""

    def __init__(self, most: int) -> None:
        self._memory_of: Callable[..., _Memory[Told]] = lru_cache(maxsize=most)(lambda *_of: _Memory())

    def stamp(self, *of: Hashable) -> str | None:
        """Under which stamp this was read last; None where nothing is kept. What it is of begins with the practice."""
        reading = self._memory_of(*of).reading
        return reading[0] if reading else None

    def read(
        self, along: Any, ask: Callable[[Any], Heard], made: Callable[[Heard], Told], *of: Hashable
    ) -> tuple[Told, Heard]:
        """What is kept, or is made of the answer and then kept; and the answer. `ask` takes what was read along.

        It is asked a second time, without that, where all is as it was known and it is not known here: the stamp was
        another reader's, or what was kept has just made room.
        """
        answer = ask(along)
        memory = self._memory_of(*of)
        if answer.is_as_known:
            kept = memory.reading
            if kept is not None and kept[0] == answer.stamp:
                return kept[1], answer
            answer = ask(None)
        told = made(answer)
        if answer.stamp is not None:  # without one nobody could tell whether it still holds
            memory.reading = answer.stamp, told
        return told, answer


def reader() -> Reader:
    """Who asks; only for views whose guard has made sure that somebody is signed in."""
    person = signed_in_as()
    _guess().reader = found = Reader(person.practice_id, person.user_id)
    return found


def guessed_reader() -> Reader | None:
    """Who probably asks, before anybody has found out."""
    return _guess().reader


def _guess() -> _Guess:
    """By the token's hash, of which nobody can make a token."""
    return _guess_of(hash(request.cookies.get(current_app.config["SIGN_IN_COOKIE"])))


@lru_cache(maxsize=1024)
def _guess_of(_token: int) -> _Guess:
    return _Guess()

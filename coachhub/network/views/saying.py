"""What a page says once, after something was done."""

from flask import flash


def say(words: str) -> None:
    """Say it on the next page."""
    flash(words, "good")

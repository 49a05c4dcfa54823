"""Pages of network."""

from flask import Flask


def register(app: Flask) -> None:
    """Add the pages of this domain."""

"""The blueprint of this domain, and what its templates may say and ask."""

from flask import Blueprint

pages = Blueprint("payments", __name__)

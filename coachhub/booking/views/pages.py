"""The blueprint of this domain, and what its templates may say and ask."""

from flask import Blueprint

pages = Blueprint("booking", __name__)

"""The blueprint of the pages of reminders."""

from flask import Blueprint

pages = Blueprint("reminders", __name__)

"""The guard against forged forms: one for all applications of a process. Only the web has pages to guard."""

from flask_wtf.csrf import CSRFProtect

csrf = CSRFProtect()

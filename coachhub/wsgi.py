"""The web application for a WSGI server: `granian --interface wsgi coachhub.wsgi:app`."""

from coachhub.app import create_app
from coachhub.platform.config import load_settings_or_exit
from coachhub.platform.launcher import die_with_parent

# A server process whose parent was killed would keep the port and answer with old code.
die_with_parent()
app = create_app(load_settings_or_exit())

"""The web application for a WSGI server: `granian --interface wsgi coachhub.wsgi:app`."""

from coachhub.platform.config import load_settings_or_exit
from coachhub.platform.garbage import kept_for_good
from coachhub.platform.launcher import die_with_parent

# A server process whose parent was killed would keep the port and answer with old code.
die_with_parent()
with kept_for_good():
    from coachhub.app import create_app

    settings = load_settings_or_exit()
    if settings.metrics_token is not None:
        from coachhub.metrics.sharing import share

        share(settings.data / "metrics")
    app = create_app(settings)

"""The web application as a process of its own, with the clock and the queue of the tests that look at it, and at Stripe
where they say so.
"""

from coachhub.app import create_app
from coachhub.payments.gateway import plug_gateway
from coachhub.payments.gateways import gateway_of
from coachhub.platform.config import load_settings
from coachhub.platform.launcher import die_with_parent
from coachhub.platform.ports import ports
from coachhub.platform.web import content_policy
from tests.fakes import OutboxMailer
from tests.layout.shared import SharedClock, SharedQueue, SharedSettings

die_with_parent()
_settings = load_settings()
_redis_url = _settings.redis_url.get_secret_value()
_shared = SharedSettings(_redis_url)
app = create_app(_settings, clock=SharedClock(_redis_url), mailer=OutboxMailer(), queue=SharedQueue(_redis_url))


@app.before_request
def _follow() -> None:
    """Do as the test has said since the last request."""
    told, wired = _shared.told(_settings), ports()
    if told != wired.settings:
        wired.settings = told
        plug_gateway(app, gateway_of(told))
        app.config["CONTENT_POLICY"] = content_policy(told)

"""The web application as a process of its own, with the clock and the queue of the tests that look at it."""

from coachhub.app import create_app
from coachhub.platform.config import load_settings
from coachhub.platform.launcher import die_with_parent
from tests.fakes import OutboxMailer
from tests.layout.shared import SharedClock, SharedQueue

die_with_parent()
_settings = load_settings()
_redis_url = _settings.redis_url.get_secret_value()
app = create_app(_settings, clock=SharedClock(_redis_url), mailer=OutboxMailer(), queue=SharedQueue(_redis_url))

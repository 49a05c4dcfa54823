"""The same batches without a queue: `python -m coachhub.bench.raw_loop <number> <of how many>` sends all that is due
in its share of the practices, one after the other.
"""

import sys

from coachhub.app import create_worker_app
from coachhub.bench.start import Start
from coachhub.platform.config import load_settings_or_exit
from coachhub.platform.garbage import kept_for_good
from coachhub.platform.launcher import die_with_parent
from coachhub.reminders.service.planning import practice_ids
from coachhub.reminders.service.sending import deliver

if __name__ == "__main__":
    die_with_parent()
    share, shares = (int(argument) for argument in sys.argv[1:])
    with kept_for_good():  # as a worker's process is
        settings = load_settings_or_exit()
        app = create_worker_app(settings)
    Start(settings.redis_url.get_secret_value()).wait()
    with app.app_context():
        for practice_id in practice_ids()[share::shares]:
            deliver(practice_id, turn=None)

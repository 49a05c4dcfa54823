"""What the tests of the operator's page share with those of the command line and of the metrics."""

from tests.metrics.conftest import watched
from tests.ops.conftest import tell, valkey
from tests.ops.test_failed_jobs import failed

__all__ = ["failed", "tell", "valkey", "watched"]

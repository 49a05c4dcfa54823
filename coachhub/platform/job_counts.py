"""What is counted of jobs: how they ended, how long they took, and what of that was the database's."""

from coachhub.platform.counts import Counted, Measured, Step
from coachhub.platform.statements import Tally

JOBS = Counted("coachhub_jobs", "Jobs, by how they ended; one that is tried again counts again.", ("name", "outcome"))
JOB_SECONDS = Measured(
    "coachhub_job_seconds", "How long jobs take.", ("name",), (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)
)
JOB_SQL_SECONDS = Counted("coachhub_job_sql_seconds", "Seconds that jobs wait for the database.", ("name",))
JOB_STATEMENTS = Counted("coachhub_job_sql_statements", "Statements that jobs ask the database.", ("name",))


def ended(job: str, outcome: str, tally: Tally) -> list[Step]:
    """A job, by its dotted name, has ended: `done` or `failed`."""
    name = _short(job)
    of_sql = [JOB_SQL_SECONDS.step(name, by=tally.seconds), JOB_STATEMENTS.step(name, by=tally.count)]
    return [JOBS.step(name, outcome), *JOB_SECONDS.steps(tally.elapsed, name), *of_sql]


def killed(job: str) -> list[Step]:
    """The process of a job was ended from outside, and nobody knows what it did."""
    return [JOBS.step(_short(job), "killed")]


def _short(job: str) -> str:
    return job.rpartition(".")[2]

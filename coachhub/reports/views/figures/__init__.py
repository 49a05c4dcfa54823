"""Reports: figures about many clients at once, each with its definition, its table and its file."""

from coachhub.reports.views.figures import adoption, coaches, cohort, definitions, hours, networks, steps

__all__ = ["adoption", "coaches", "cohort", "definitions", "hours", "networks", "steps"]

"""Questions about coaching sessions, answered from facts alone."""

from coachhub.coaching.rules.times import clocks_differ, day_before, hour_before, link_in

__all__ = ["clocks_differ", "day_before", "hour_before", "link_in"]

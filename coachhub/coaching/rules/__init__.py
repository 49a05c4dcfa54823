"""Questions about coaching sessions, answered from facts alone."""

from coachhub.coaching.rules.times import A_DAY, AN_HOUR, clocks_differ, day_before, hour_before, link_in

__all__ = ["AN_HOUR", "A_DAY", "clocks_differ", "day_before", "hour_before", "link_in"]

"""CoachHub: the practice of a career coach on the web."""

import zoneinfo

# Time zones come from the pinned tzdata package and never from the machine's own, older or newer, files.
zoneinfo.reset_tzpath(())

"""CoachHub: the practice of a career coach on the web."""

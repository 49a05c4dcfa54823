"""Use cases of habits: a practice's habits, who has which, how far each month came, the client's month."""

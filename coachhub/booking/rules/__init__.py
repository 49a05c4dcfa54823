"""Rules of booking: pure, and told what they need to know."""

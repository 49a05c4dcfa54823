"""Rules of money: pure, and told what they need to know."""

"""Use cases of accounts, a file per verb."""

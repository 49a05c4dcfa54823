"""Questions of accounts that need neither a clock nor a table: what may be a password, how a practice is addressed."""

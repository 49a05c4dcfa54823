"""Pure rules of the clients domain: reading people out of pasted text and files."""

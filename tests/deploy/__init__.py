"""What is deployed: the files of deploy/, backups, upgrades."""

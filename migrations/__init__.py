"""The schema's history, run as the owner role by Alembic."""

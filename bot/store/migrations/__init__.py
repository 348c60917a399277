"""Alembic's environment: how an older file becomes a newer one."""

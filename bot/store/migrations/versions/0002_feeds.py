"""When feeds are polled, who follows them, what their entries said; the files of watched folders."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Adds to the tables of feeds, entries and follows; feeds that have been polled count as taken in."""
    _feeds()
    _entries()
    for name in ("person", "channel", "folder", "told"):
        op.add_column("follows", sa.Column(name, sa.Text(), nullable=True))
    op.create_table(
        "files",
        sa.Column("origin", sa.Integer(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("stamp", sa.Text(), nullable=False),
        sa.Column("article", sa.String(length=12), nullable=True),
        sa.ForeignKeyConstraint(["origin"], ["origins.number"], name=op.f("fk_files_origin"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("origin", "path", name=op.f("pk_files")),
    )


def _feeds() -> None:
    op.add_column("feeds", sa.Column("location", sa.Text(), nullable=True))
    op.add_column("feeds", sa.Column("due", sa.DateTime(), nullable=True))
    op.add_column("feeds", sa.Column("pace", sa.Float(), nullable=True))
    op.add_column("feeds", sa.Column("gone", sa.Boolean(), nullable=False, server_default="0"))
    op.create_index("ix_feeds_due", "feeds", ["due"], unique=False)
    op.execute("UPDATE feeds SET pace = 900.0 WHERE polled IS NOT NULL")


def _entries() -> None:
    op.add_column("entries", sa.Column("link", sa.String(length=12), nullable=True))
    op.add_column("entries", sa.Column("digest", sa.String(length=32), nullable=True))
    op.add_column("entries", sa.Column("updated", sa.DateTime(), nullable=True))
    op.add_column("entries", sa.Column("article", sa.String(length=12), nullable=True))
    op.add_column("entries", sa.Column("background", sa.Boolean(), nullable=False, server_default="0"))
    op.create_index("ix_entries_link", "entries", ["feed", "link"], unique=False)
    op.create_index("ix_entries_digest", "entries", ["feed", "digest"], unique=False)

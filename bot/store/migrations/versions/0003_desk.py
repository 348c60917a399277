"""Watches, digests several times a day, posts in parts, corrections of posts, and choices that outlive a restart."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Widens what is posted by the clock, and makes the tables for the rest."""
    with op.batch_alter_table("subscriptions") as table:
        table.alter_column("at", existing_type=sa.String(length=5), type_=sa.Text(), existing_nullable=False)
        table.add_column(sa.Column("stopped", sa.Text(), nullable=True))
    _posts()
    _watches()
    op.create_table(
        "choices",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("command", sa.Text(), nullable=False),
        sa.Column("asked", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_choices")),
    )


def _posts() -> None:
    """Has a delivery know whose it is and what it rests on."""
    op.add_column("deliveries", sa.Column("owner", sa.String(length=32), nullable=True))
    op.add_column("deliveries", sa.Column("root", sa.Text(), nullable=True))
    op.create_index("ix_deliveries_created", "deliveries", ["created"], unique=False)
    op.create_table(
        "citations",
        sa.Column("article", sa.String(length=12), nullable=False),
        sa.Column("delivery", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery"], ["deliveries.number"], name=op.f("fk_citations_delivery"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article", "delivery", name=op.f("pk_citations")),
    )
    op.create_index("ix_citations_delivery", "citations", ["delivery"], unique=False)
    op.create_table(
        "corrections",
        sa.Column("article", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article"], ["articles.number"], name=op.f("fk_corrections_article"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article", name=op.f("pk_corrections")),
    )


def _watches() -> None:
    """Makes the tables for watches and for what they have come upon."""
    op.create_table(
        "watches",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("quiet", sa.Text(), nullable=True),
        sa.Column("created_by", sa.Text(), nullable=True),
        sa.Column("created", sa.DateTime(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("arrival", sa.Integer(), nullable=False),
        sa.Column("stopped", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watches")),
    )
    op.create_index("ix_watches_workspace", "watches", ["workspace", "channel"], unique=False)
    op.create_table(
        "hits",
        sa.Column("watch", sa.String(length=32), nullable=False),
        sa.Column("article", sa.String(length=12), nullable=False),
        sa.Column("found", sa.DateTime(), nullable=False),
        sa.Column("told", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["watch"], ["watches.id"], name=op.f("fk_hits_watch"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("watch", "article", name=op.f("pk_hits")),
    )
    op.create_index("ix_hits_told", "hits", ["told"], unique=False)

"""What a language model answered, and what it has cost."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Makes the tables for a language model's replies and for what is spent on it."""
    op.create_table(
        "llm_replies",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("created", sa.DateTime(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_llm_replies")),
    )
    op.create_index("ix_llm_replies_created", "llm_replies", ["created"], unique=False)
    op.create_table(
        "llm_spending",
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("tokens", sa.Integer(), nullable=False),
        sa.Column("micros", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "workspace", name=op.f("pk_llm_spending")),
    )

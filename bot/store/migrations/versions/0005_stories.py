"""Which articles tell of one event."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Makes the tables for what articles are compared by, and for how alike they are."""
    op.create_table(
        "story_profiles",
        sa.Column("article", sa.Integer(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article"], ["articles.number"], name=op.f("fk_story_profiles_article"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article", name=op.f("pk_story_profiles")),
    )
    op.create_table(
        "story_keys",
        sa.Column("term", sa.Text(), nullable=False),
        sa.Column("happened", sa.DateTime(), nullable=False),
        sa.Column("article", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article"], ["story_profiles.article"], name=op.f("fk_story_keys_article"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("term", "happened", "article", name=op.f("pk_story_keys")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_story_keys_article", "story_keys", ["article"], unique=False)
    op.create_table(
        "story_links",
        sa.Column("one", sa.Integer(), nullable=False),
        sa.Column("other", sa.Integer(), nullable=False),
        sa.Column("likeness", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["one"], ["story_profiles.article"], name=op.f("fk_story_links_one"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["other"], ["story_profiles.article"], name=op.f("fk_story_links_other"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("one", "other", name=op.f("pk_story_links")),
    )
    op.create_index("ix_story_links_other", "story_links", ["other"], unique=False)

"""The first tables."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

# The index keeps no text of its own: triggers tell it what comes and goes (https://www.sqlite.org/fts5.html, 4.4.3).
WORDS: Final = (
    (
        "CREATE VIRTUAL TABLE article_words USING fts5("
        "title, text, content='articles', content_rowid='number', tokenize='unicode61 remove_diacritics 2')"
    ),
    (
        "CREATE TRIGGER article_words_add AFTER INSERT ON articles BEGIN "
        "INSERT INTO article_words (rowid, title, text) VALUES (new.number, new.title, new.text); END"
    ),
    (
        "CREATE TRIGGER article_words_drop AFTER DELETE ON articles BEGIN "
        "INSERT INTO article_words (article_words, rowid, title, text) "
        "VALUES ('delete', old.number, old.title, old.text); END"
    ),
    (
        "CREATE TRIGGER article_words_change AFTER UPDATE OF title, text ON articles BEGIN "
        "INSERT INTO article_words (article_words, rowid, title, text) "
        "VALUES ('delete', old.number, old.title, old.text); "
        "INSERT INTO article_words (rowid, title, text) VALUES (new.number, new.title, new.text); END"
    ),
)


def upgrade() -> None:
    """From an empty file."""
    _news()
    _found()
    _posts()
    for statement in WORDS:
        op.execute(statement)


def _news() -> None:
    """Makes the tables for what was taken in, and who follows it."""
    op.create_table(
        "origins",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_origins")),
        sa.UniqueConstraint("name", name=op.f("uq_origins_name")),
    )
    op.create_table(
        "follows",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("origin", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["origin"], ["origins.number"], name=op.f("fk_follows_origin"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("workspace", "origin", name=op.f("pk_follows")),
    )
    op.create_table(
        "articles",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("origin", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=12), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("outlet", sa.Text(), nullable=True),
        sa.Column("dateline", sa.Text(), nullable=True),
        sa.Column("author", sa.Text(), nullable=True),
        sa.Column("published", sa.DateTime(), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("seen", sa.DateTime(), nullable=False),
        sa.Column("happened", sa.DateTime(), nullable=False),
        sa.Column("arrival", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["origin"], ["origins.number"], name=op.f("fk_articles_origin"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_articles")),
        sa.UniqueConstraint("arrival", name=op.f("uq_articles_arrival")),
        sa.UniqueConstraint("origin", "id", name=op.f("uq_articles_origin")),
    )
    op.create_index("ix_articles_happened", "articles", ["happened", "number", "origin"], unique=False)
    op.create_index("ix_articles_id", "articles", ["id", "digest"], unique=False)
    op.create_table(
        "feeds",
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("polled", sa.DateTime(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("url", name=op.f("pk_feeds")),
    )
    op.create_table(
        "entries",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["feed"], ["feeds.url"], name=op.f("fk_entries_feed"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_entries")),
        sa.UniqueConstraint("feed", "id", name=op.f("uq_entries_feed")),
    )


def _found() -> None:
    """Makes the tables for what readings found."""
    op.create_table(
        "readings",
        sa.Column("article", sa.Integer(), nullable=False),
        sa.Column("reader", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["article"], ["articles.number"], name=op.f("fk_readings_article"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("article", name=op.f("pk_readings")),
    )
    op.create_table(
        "mentions",
        sa.Column("article", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("geonameid", sa.Integer(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["articles.number"], name=op.f("fk_mentions_article"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("article", "position", name=op.f("pk_mentions")),
    )
    op.create_index("ix_mentions_geonameid", "mentions", ["geonameid", "article"], unique=False)
    op.create_table(
        "statements",
        sa.Column("article", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("folded", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("direct", sa.Boolean(), nullable=False),
        sa.Column("stance", sa.String(length=16), nullable=False),
        sa.Column("cue", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["article"], ["articles.number"], name=op.f("fk_statements_article"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article", "position", name=op.f("pk_statements")),
    )
    op.create_index("ix_statements_folded", "statements", ["folded", "article"], unique=False)
    op.create_table(
        "article_sources",
        sa.Column("article", sa.Integer(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("aliases", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article"], ["articles.number"], name=op.f("fk_article_sources_article"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article", "folded", name=op.f("pk_article_sources")),
    )
    op.create_index("ix_article_sources_folded", "article_sources", ["folded", "article"], unique=False)
    op.create_table(
        "places",
        sa.Column("geonameid", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("feature_code", sa.String(length=16), nullable=False),
        sa.Column("country_code", sa.String(length=2), nullable=True),
        sa.Column("admin1", sa.Text(), nullable=True),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("geonameid", name=op.f("pk_places")),
    )
    op.create_table(
        "source_spellings",
        sa.Column("origin", sa.Integer(), nullable=False),
        sa.Column("spelling", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["origin"], ["origins.number"], name=op.f("fk_source_spellings_origin"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("origin", "spelling", "name", name=op.f("pk_source_spellings")),
    )
    op.create_table(
        "place_spellings",
        sa.Column("origin", sa.Integer(), nullable=False),
        sa.Column("spelling", sa.Text(), nullable=False),
        sa.Column("geonameid", sa.Integer(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["geonameid"], ["places.geonameid"], name=op.f("fk_place_spellings_geonameid")),
        sa.ForeignKeyConstraint(
            ["origin"], ["origins.number"], name=op.f("fk_place_spellings_origin"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("origin", "spelling", "geonameid", name=op.f("pk_place_spellings")),
    )
    op.create_index("ix_place_spellings_geonameid", "place_spellings", ["geonameid", "origin"], unique=False)


def _posts() -> None:
    """Makes the tables for what is to be posted."""
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("at", sa.String(length=5), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("days", sa.String(length=7), nullable=False),
        sa.Column("topic", sa.Text(), nullable=True),
        sa.Column("created_by", sa.Text(), nullable=True),
        sa.Column("created", sa.DateTime(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("last_until", sa.DateTime(), nullable=True),
        sa.Column("arrival", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriptions")),
    )
    op.create_index("ix_subscriptions_workspace", "subscriptions", ["workspace", "channel"], unique=False)
    op.create_table(
        "deliveries",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created", sa.DateTime(), nullable=False),
        sa.Column("not_before", sa.DateTime(), nullable=True),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("key", name=op.f("uq_deliveries_key")),
    )
    op.create_index("ix_deliveries_state", "deliveries", ["state", "channel", "number"], unique=False)

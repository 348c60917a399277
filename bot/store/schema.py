"""The tables. ``docs/store.md`` says what each is for; ``migrations/`` brings an older file here."""

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    column,
    table,
)


class Utc(TypeDecorator[datetime]):
    """An aware datetime, kept without its zone and in UTC, so that every database sorts it alike."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 (SQLAlchemy's signature)
        """The moment as the database keeps it. Raises ValueError for one without a zone: it could mean anything."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 (as above)
        """The moment, aware, in UTC."""
        return None if value is None else value.replace(tzinfo=UTC)


metadata: Final = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _owned(name: str, target: str, **options: Any) -> Column[int]:
    """A column that points at the row which its own row goes away with."""
    return Column(name, Integer, ForeignKey(target, ondelete="CASCADE"), nullable=False, **options)


origins: Final = Table(
    "origins",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),  # a feed's URL, a folder, 'by hand' of one workspace
)

follows: Final = Table(
    "follows",
    metadata,
    Column("workspace", Text, primary_key=True),
    _owned("origin", "origins.number", primary_key=True),
    Column("person", Text),  # who asked for it: the platform's id
    Column("channel", Text),  # where: Channel.key
    Column("folder", Text),  # of a list of feeds (OPML) that it came in; levels parted by slashes
    Column("told", Text),  # the state of the feed that the person was last told of; None: that it works
)

articles: Final = Table(
    "articles",
    metadata,
    Column("number", Integer, primary_key=True),
    _owned("origin", "origins.number"),
    Column("id", String(12), nullable=False),
    Column("digest", String(64), nullable=False),  # of title and text: a reading fits exactly these words
    Column("title", Text),
    Column("url", Text),
    Column("outlet", Text),
    Column("dateline", Text),
    Column("author", Text),
    Column("published", Utc),
    Column("language", String(8)),
    Column("seen", Utc, nullable=False),  # when it was first taken in
    Column("happened", Utc, nullable=False),  # published, unless unknown or after it was seen: what lists sort by
    Column("arrival", Integer, unique=True),  # counted over the store as articles are first read; None: not yet read
    Column("text", Text, nullable=False),  # last, as every column after a long one is slow to reach
    UniqueConstraint("origin", "id"),
    Index("ix_articles_id", "id", "digest"),
    Index("ix_articles_happened", "happened", "number", "origin"),
)

readings: Final = Table(
    "readings",
    metadata,
    _owned("article", "articles.number", primary_key=True),
    Column("reader", Text, nullable=False),  # the version that read it
    Column("error", Text),  # why it could not be read, in words
    Column("body", Text),  # JSON of the Reading; None: it could not be read
)

mentions: Final = Table(
    "mentions",
    metadata,
    _owned("article", "articles.number", primary_key=True),
    Column("position", Integer, primary_key=True),  # among the reading's toponyms
    Column("geonameid", Integer),  # None: not located
    Column("name", Text, nullable=False),  # folded
    Column("kind", String(16), nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Index("ix_mentions_geonameid", "geonameid", "article"),
)

statements: Final = Table(
    "statements",
    metadata,
    _owned("article", "articles.number", primary_key=True),
    Column("position", Integer, primary_key=True),  # among the reading's attributions
    Column("source", Text),  # the canonical name; None: the text names nobody
    Column("folded", Text),  # the same, folded
    Column("words", Text, nullable=False),  # what was said
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("direct", Boolean(create_constraint=False), nullable=False),
    Column("stance", String(16), nullable=False),
    Column("cue", Text),
    Index("ix_statements_folded", "folded", "article"),
)

article_sources: Final = Table(
    "article_sources",
    metadata,
    _owned("article", "articles.number", primary_key=True),
    Column("folded", Text, primary_key=True),  # the canonical name, folded
    Column("name", Text, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("role", Text),
    Column("aliases", Text, nullable=False),  # JSON list
    Index("ix_article_sources_folded", "folded", "article"),
)

places: Final = Table(  # gazetteer records that some reading has used: public knowledge, shared by all workspaces
    "places",
    metadata,
    Column("geonameid", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("feature_code", String(16), nullable=False),
    Column("country_code", String(2)),
    Column("admin1", Text),
    Column("lat", Float, nullable=False),
    Column("lon", Float, nullable=False),
    Column("population", Integer, nullable=False),
)

source_spellings: Final = Table(  # how a source may be asked for, and in how many articles of an origin it is found so
    "source_spellings",
    metadata,
    _owned("origin", "origins.number", primary_key=True),
    Column("spelling", Text, primary_key=True),  # folded: the name, an alias or a word of the name
    Column("name", Text, primary_key=True),  # canonical
    Column("uses", Integer, nullable=False),
)

place_spellings: Final = Table(
    "place_spellings",
    metadata,
    _owned("origin", "origins.number", primary_key=True),
    Column("spelling", Text, primary_key=True),
    Column("geonameid", Integer, ForeignKey("places.geonameid"), primary_key=True),
    Column("uses", Integer, nullable=False),
    Index("ix_place_spellings_geonameid", "geonameid", "origin"),
)

feeds: Final = Table(
    "feeds",
    metadata,
    Column("url", Text, primary_key=True),
    Column("title", Text),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("polled", Utc),
    Column("failures", Integer, nullable=False),
    Column("error", Text),
    Column("location", Text),  # where it has moved for good
    Column("due", Utc),  # when it is to be polled next; None: at once
    Column("pace", Float),  # seconds between polls; None: not yet taken in whole
    Column("gone", Boolean(create_constraint=False), nullable=False, server_default="0"),
    Index("ix_feeds_due", "due"),
)

entries: Final = Table(  # of feeds: what has been taken in, so that it isn't again
    "entries",
    metadata,
    Column("number", Integer, primary_key=True),  # the order of coming
    Column("feed", Text, ForeignKey("feeds.url", ondelete="CASCADE"), nullable=False),
    Column("id", Text, nullable=False),
    Column("link", String(12)),  # the id that its address gives an article
    Column("digest", String(32)),  # of its words; None: another version of Dateline took it in
    Column("updated", Utc),
    Column("article", String(12)),  # the id of the article that it became; None: of none
    Column("background", Boolean(create_constraint=False), nullable=False, server_default="0"),
    UniqueConstraint("feed", "id"),
    Index("ix_entries_link", "feed", "link"),
    Index("ix_entries_digest", "feed", "digest"),
)

files: Final = Table(  # in watched folders, as they were when they were last read
    "files",
    metadata,
    _owned("origin", "origins.number", primary_key=True),  # the folder
    Column("path", Text, primary_key=True),
    Column("stamp", Text, nullable=False),  # time of change and size: another one means another content
    Column("article", String(12)),  # the id of its article; None: it can't be read
)

deliveries: Final = Table(
    "deliveries",
    metadata,
    Column("number", Integer, primary_key=True),  # the order within a channel
    Column("key", Text, nullable=False, unique=True),
    Column("channel", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("created", Utc, nullable=False),
    Column("not_before", Utc),  # when to try again
    Column("message", Text),
    Column("error", Text),
    Column("owner", String(32)),  # the subscription or watch that it was made for
    Column("root", Text),  # key of the post in whose thread it goes
    Column("digest", Text, nullable=False),  # JSON
    Index("ix_deliveries_state", "state", "channel", "number"),
    Index("ix_deliveries_created", "created"),
)

citations: Final = Table(  # which posts rest on which articles, so that a correction finds them
    "citations",
    metadata,
    Column("article", String(12), primary_key=True),  # its id, as no text of it needs to be kept
    _owned("delivery", "deliveries.number", primary_key=True),
    Index("ix_citations_delivery", "delivery"),
)

corrections: Final = Table(  # articles whose words have changed, until the posts that cite them have been looked at
    "corrections",
    metadata,
    _owned("article", "articles.number", primary_key=True),
    Column("text", Text, nullable=False),  # what offsets in posts point into
)

subscriptions: Final = Table(
    "subscriptions",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("channel", Text, nullable=False),
    Column("workspace", Text, nullable=False),
    Column("at", Text, nullable=False),  # HH:MM, several with commas
    Column("zone", Text, nullable=False),
    Column("days", String(7), nullable=False),  # digits, 0 Monday to 6 Sunday
    Column("topic", Text),
    Column("created_by", Text),
    Column("created", Utc, nullable=False),
    Column("paused", Boolean(create_constraint=False), nullable=False),
    Column("last_until", Utc),
    Column("arrival", Integer, nullable=False),
    Column("stopped", Text),  # why it was paused by itself
    Index("ix_subscriptions_workspace", "workspace", "channel"),
)

watches: Final = Table(
    "watches",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("channel", Text, nullable=False),
    Column("workspace", Text, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("target", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("quiet", Text),  # JSON
    Column("created_by", Text),
    Column("created", Utc, nullable=False),
    Column("paused", Boolean(create_constraint=False), nullable=False),
    Column("arrival", Integer, nullable=False),
    Column("stopped", Text),
    Index("ix_watches_workspace", "workspace", "channel"),
)

hits: Final = Table(  # articles that touch what is watched: first to be told of, then known to have been
    "hits",
    metadata,
    Column("watch", String(32), ForeignKey("watches.id", ondelete="CASCADE"), primary_key=True),
    Column("article", String(12), primary_key=True),
    Column("found", Utc, nullable=False),
    Column("told", Utc),  # None: not yet
    Index("ix_hits_told", "told"),
)

choices: Final = Table(  # what questions offered: buttons that outlive the process
    "choices",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("workspace", Text, nullable=False),
    Column("command", Text, nullable=False),
    Column("asked", Utc, nullable=False),
)

shown: Final = Table(  # digests that people were shown, for the buttons below them
    "shown",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("workspace", Text, nullable=False),
    Column("digest", Text, nullable=False),  # JSON
    Column("quotes", Text, nullable=False),  # JSON: the words that each point rested on then
    Column("shown", Utc, nullable=False, index=True),
)

installations: Final = Table(  # workspaces that have installed the bot by themselves
    "installations",
    metadata,
    Column("platform", String(16), primary_key=True),
    Column("workspace", Text, primary_key=True),
    Column("sealed", Text, nullable=False),  # encrypted by the platform's adapter
    Column("installed", Utc, nullable=False),
)

install_states: Final = Table(  # installations that are under way: each state is good for one
    "install_states",
    metadata,
    Column("id", String(64), primary_key=True),  # SHA-256 of it
    Column("expires", Utc, nullable=False),
)

llm_replies: Final = Table(  # of a language model, by what it was asked: the same question is paid for once
    "llm_replies",
    metadata,
    Column("key", String(64), primary_key=True),  # SHA-256 of model and prompt
    Column("created", Utc, nullable=False),
    Column("text", Text, nullable=False),
    Index("ix_llm_replies_created", "created"),
)

llm_spending: Final = Table(  # on a language model, reserved before it is asked
    "llm_spending",
    metadata,
    Column("day", String(10), primary_key=True),  # ISO date, of UTC
    Column("workspace", Text, primary_key=True),
    Column("tokens", Integer, nullable=False),
    Column("micros", Integer, nullable=False),  # money, in millionths of the currency that prices are given in
)

story_profiles: Final = Table(  # what an article is compared by when it is asked which others tell its story
    "story_profiles",
    metadata,
    _owned("article", "articles.number", primary_key=True),
    Column("method", Text, nullable=False),  # the version that made it
    Column("body", Text, nullable=False),  # JSON, which bot/briefing/stories understands
)

story_keys: Final = Table(  # the rare terms of each: what similar articles are found by
    "story_keys",
    metadata,
    Column("term", Text, primary_key=True),
    Column("happened", Utc, primary_key=True),  # of the article
    _owned("article", "story_profiles.article", primary_key=True),
    Column("weight", Float, nullable=False),
    Index("ix_story_keys_article", "article"),
    sqlite_with_rowid=False,
)

story_links: Final = Table(  # how likely two articles tell of one event; a pair that isn't here doesn't
    "story_links",
    metadata,
    _owned("one", "story_profiles.article", primary_key=True),
    _owned("other", "story_profiles.article", primary_key=True),
    Column("likeness", Float, nullable=False),
    Index("ix_story_links_other", "other"),
)

# SQLite's full-text index over title and text (https://www.sqlite.org/fts5.html); made and kept up by a migration's
# triggers, so it is not in the metadata.
article_words: Final = table("article_words", column("rowid", Integer), column("title", Text), column("text", Text))

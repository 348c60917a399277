"""The world -> articles: the guarded fetcher, feeds, pages and files. ``docs/news.md`` explains it."""

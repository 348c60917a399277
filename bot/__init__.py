"""The core of Dateline: it knows news, and knows nothing of any chat platform."""

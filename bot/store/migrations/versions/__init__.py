"""One script per version of the tables, in order."""

"""Makes the reader's model. Nothing in bot/ imports it."""

"""Chat platforms: each turns its own events into commands, and answers into its own messages."""

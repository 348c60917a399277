"""Slack: the command set and the briefings in a workspace."""

"""Discord: the command set in servers and direct messages, on discord.py."""

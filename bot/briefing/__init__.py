"""Readings -> briefing: stories, points, headline, places, sources, disagreements, and the check that all of it is
supported.
"""

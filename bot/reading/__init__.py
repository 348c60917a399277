"""Article -> Reading: sentences, names, places, and who said what."""

"""A sample connector: notes in an SQLite file (`notes://`), and outlines (`.outline`)."""

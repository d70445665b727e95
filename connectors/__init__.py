"""Sources to Documents: one format or source per short file."""

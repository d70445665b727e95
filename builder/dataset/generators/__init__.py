"""One short file per construction that questions are made from."""

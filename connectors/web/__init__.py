"""A website as a source: its pages and the files that it links to."""

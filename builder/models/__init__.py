"""A name to a language model or an embedder: embedded, hub or local folder, endpoint."""

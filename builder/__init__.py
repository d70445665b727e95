"""From Documents to a tuned, cited, measured bot: one package per stage."""

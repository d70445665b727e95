"""Documents to Chunks: blocks, cleaning, chunking."""

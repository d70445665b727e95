"""QAPairs to an adapter: examples, packing, the loop, its checkpoints."""

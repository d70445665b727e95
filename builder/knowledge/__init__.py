"""Chunks to answers' material: vectors, keyword index, product table, one retrieval function."""

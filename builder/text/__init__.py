"""Reading text in Japanese and English: sentences, terms, values."""

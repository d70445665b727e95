"""Questions and answers from the documents: generators, filters, split, formats."""

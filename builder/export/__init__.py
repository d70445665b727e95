"""Taking the adapter and the dataset away to other tools."""

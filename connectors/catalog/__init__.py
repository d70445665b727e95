"""Tables that are product catalogues: which column means what, and values with units."""

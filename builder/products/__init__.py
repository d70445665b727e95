"""Questions about products, answered from the product table: no model words or computes them."""

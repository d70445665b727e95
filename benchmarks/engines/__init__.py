"""Other engines than the product's, for `benchmarks.runtimes`: each opens the merged model."""

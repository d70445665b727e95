"""Readers, one file format per module, each with one public function `read(path) -> Reading`."""

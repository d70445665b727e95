"""The sample company's catalogues, in both languages, as a product table."""

from __future__ import annotations

import pytest
from product_shop import CATALOGUE, Shop, shop_of


@pytest.fixture(scope="session")
def sample_shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """The sample company's 53 products, in Japanese and English."""
    return shop_of(tmp_path_factory.mktemp("products") / "products.db", CATALOGUE)

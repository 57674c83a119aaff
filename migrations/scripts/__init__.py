"""Scripts under the names that the old product's guide gave them."""

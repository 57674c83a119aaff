"""Stories of the product at work; a package, so that its cities stop after the last of them."""

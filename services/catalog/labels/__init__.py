"""What must be written on a product: words, price, HSN, GTIN, food licence, picture."""

"""Schema templates of organizations, beside the product's: versions, publishing, who may use them."""

"""Another password: changed by its owner, or reset by a link that works once."""

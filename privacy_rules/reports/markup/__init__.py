"""What formats share: escaping, pages and terminals."""

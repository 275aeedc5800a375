"""Terms and their order, values, and the attributes of entities."""

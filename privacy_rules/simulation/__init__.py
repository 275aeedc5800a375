"""What would be: changes of an estate, and days to come."""

"""What changed in a policy, one module for each format."""

"""Policy tests: cases with their expected findings, coverage of the policy, and mutation testing."""

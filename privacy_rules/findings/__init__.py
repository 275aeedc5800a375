"""The results of a check: findings, their fingerprints and waivers, warnings, and the report."""

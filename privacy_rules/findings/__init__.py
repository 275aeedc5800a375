"""What a check found, for people and machines: findings, their fingerprints and waivers, warnings, the report."""

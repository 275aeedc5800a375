"""Rules in plain English, for those who sign a policy and never read its code."""

"""The draft of a notice: what changes in a policy, clause by clause, for the people whom the policy protects."""

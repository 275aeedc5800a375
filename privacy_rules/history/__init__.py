"""What was found at a commit: git objects read in memory, and the check of the files as they were."""

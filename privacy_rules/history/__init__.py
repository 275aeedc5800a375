"""The findings at an earlier commit: git objects are read in memory, and the files are checked as they were then."""

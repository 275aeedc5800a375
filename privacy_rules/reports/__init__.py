"""What verbs report: a folder for each document, with a module for each format. Formats only present; they decide nothing."""

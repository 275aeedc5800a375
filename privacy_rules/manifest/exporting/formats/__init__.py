"""One module for each format that an estate can be exported to."""

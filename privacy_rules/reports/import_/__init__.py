"""What an import made of files of other tools."""

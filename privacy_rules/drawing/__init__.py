"""Pictures of an estate: systems in the lanes of their parties, flows between them, what is wrong in red."""

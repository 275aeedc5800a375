"""How what was observed differs from what is declared."""

"""Pages about the papers of a case."""

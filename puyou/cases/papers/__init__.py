"""The papers of a case: what must be handed in, and what became of each piece."""

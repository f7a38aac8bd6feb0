"""Scrutiny: how well each visit is proven: a score with reasons."""

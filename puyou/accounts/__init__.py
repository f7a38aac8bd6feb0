"""Organisations, people, posts, and who may see what."""

"""Villagers (村民): codes that hang in villages for everybody, and what people there say about today's mail."""

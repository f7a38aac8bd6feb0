"""Audits: random draws of visits to check again, and the share of fabricated ones estimated from them."""

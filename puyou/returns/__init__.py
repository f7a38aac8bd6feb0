"""Reported returns: forms as data, who owes which by when, filling, signing, checking up the levels."""

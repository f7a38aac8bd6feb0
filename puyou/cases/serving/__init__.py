"""Serving documents: how, to whom, when, with which proof; and when an announcement counts as served."""

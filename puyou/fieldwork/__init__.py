"""Fieldwork: the round on the phone and the county desk that watches over it."""

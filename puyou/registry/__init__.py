"""Operators, villages, duties, rounds, couriers and devices, all dated."""

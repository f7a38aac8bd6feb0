"""Ledgers whose kinds are data: what offices and companies keep account of beside visits and cases."""

"""The supervision system for the postal universal service."""

"""Commands about supervisors."""

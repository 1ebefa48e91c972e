"""The trades: the only rooms that speak to the world outside."""

"""The threshold: HTTP in, HTTP out."""

"""The law: what the regulation says. No I/O, no clock, no chance, no JSON."""

"""The yearly CVEC certificate: its law, its gestures, its trades and its threshold."""

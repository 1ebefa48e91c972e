"""A name is accepted only if the certificate can print it, letter for letter.

The certificate is set in Source Sans 3 (data/fonts): Latin with all its accents, Vietnamese, Greek and
Cyrillic; neither Arabic nor Chinese. A PDF/A page may not hold a blank box, so a missing letter would stop the
certificate weeks after the registration: the registration asks here first, and names the letters to change.
"""

import unicodedata

# Code points both weights draw, from U+0020 to U+206F, without controls and invisible formats (soft hyphen,
# direction overrides). A contract test holds this table against the fonts.
_COVERAGE = """
20-7e a0-ac ae-181 186 18a 18d-190 192-194 196-197 19a-19b 19e 1a0-1a1 1af-1b1 1b7 1bf-1c3 1cd-1dd 1e2-1e7
1ea-1eb 1ee-1f0 1f4-1f5 1f7-201 204-205 208-209 20c-20d 218-220 222-223 226-227 237 23a-23e 241-245
248-249 250-27b 27d-285 287-292 294-295 298-299 29b-29f 2a1-2a8 2b0-2b4 2b7-2b9 2bb-2c1 2c6-2cc 2d0-2de
2e0-2e4 2ed 300-30d 30f-313 315 318-320 323-32a 32c 32e-332 334 337-33d 342-345 34f 357-358 35c 35e-35f
361 374-375 37a 37e 384-38a 38c 38e-3a1 3a3-3d1 3d5 3d7 3d9 3db 3dd 3e1 3f4 3f7-3f8 400-45f 462-463
472-475 490-493 496-49b 4a0-4a3 4aa-4ab 4ae-4b3 4b6-4b7 4ba-4bb 4c0-4c4 4c7-4c8 4cf-4d1 4d4-4d9 4e2-4e3
4e6-4e9 4ee-4ef 4f2-4f3 4f6-4f7 1e02-1e03 1e06-1e07 1e0a-1e11 1e16-1e17 1e1e-1e2b 1e32-1e3b 1e3e-1e49
1e52-1e53 1e56-1e63 1e66-1e67 1e6a-1e6f 1e72-1e73 1e7e-1e85 1e8e-1e97 1e9e-1ef9 1f00-1f15 1f18-1f1d
1f20-1f45 1f48-1f4d 1f50-1f57 1f59 1f5b 1f5d 1f5f-1f7d 1f80-1fb4 1fb6-1fc4 1fc6-1fd3 1fd6-1fdb 1fdd-1fef
1ff2-1ff4 1ff6-1ffe 2007 2009-200a 2010-201e 2020-2023 2026 202f-2033 2035 2039-203a 203c-203f 2044
2047-204a
"""


def _code_points(table: str) -> frozenset[int]:
    """Read a table of hexadecimal ranges."""
    ranges = (entry.partition("-") for entry in table.split())
    return frozenset(code for first, _, last in ranges for code in range(int(first, 16), int(last or first, 16) + 1))


PRINTABLE = _code_points(_COVERAGE)
"""Every code point the font draws."""


def unprintable(text: str) -> frozenset[str]:
    """Return the characters of `text` that the certificate cannot print: none for almost every name.

    Accents typed apart from their letter are joined first, as the certificate does; an accented letter the font
    lacks is drawn as the letter and its accent.

    >>> unprintable("N'DIAYE Nguyễn-Łukasz")
    frozenset()
    >>> sorted(unprintable("王 Lee"))
    ['王']
    """
    return frozenset(char for char in unicodedata.normalize("NFC", text) if not _is_drawn(char))


def _is_drawn(char: str) -> bool:
    """Tell whether the font has the character, or all the pieces it is made of."""
    return ord(char) in PRINTABLE or all(ord(piece) in PRINTABLE for piece in unicodedata.normalize("NFD", char))

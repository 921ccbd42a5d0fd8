"""How text is read in search: words, their stems, their capitals; one reading for all engines."""

"""Names in Polish: lemma, case and kind of every word by Morfeusz, then joined by agreement."""

"""Entity recognition: from marked spans to the people, organisations and places of an article.

Spans come from spaCy (`nlp.ner`) for English and from a morphological dictionary for Polish. Rules,
gazetteers and a fitted model then decide which spans are entities, of which type, and under which
canonical name. The result is a list of `Mention` objects.
"""

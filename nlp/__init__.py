"""Tagging: the language, entities, topics and cluster of an article.

`nlp.tagger.Tagger` takes articles and returns their tags; `slugline.jobs.pipeline` reads the
articles from the store and writes the tags back. This package also detects stories and rising
trends. It knows no database.
"""

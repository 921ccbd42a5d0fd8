"""Topic classification: scoring, explaining, fitting and evaluating the topic model.

`model.TopicModel` takes a title and a summary and returns topics with scores. `fit` builds a model
from the taxonomy's seed terms, the articles of the store and people's corrections.
"""

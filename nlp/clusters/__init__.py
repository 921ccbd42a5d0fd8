"""Clusters: groups of similar articles within one topic, found without labels.

`fit` computes clusters from a sample of TF-IDF vectors and `names` gives each its terms. `model`
assigns new articles to the nearest cluster, and `match` keeps the ids of clusters stable from one
fit to the next.
"""

"""Named entity recognition: spaCy pipelines, run lean on the same weights."""

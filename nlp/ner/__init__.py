"""Named entity recognition with spaCy pipelines, reimplemented in NumPy for speed.

`pipeline` takes texts and yields their entity spans, the same ones that spaCy finds with the same
weights.
"""

"""English entities: candidate spans and the evidence for and against each.

Candidates come from the spaCy network and from the gazetteers. `evidence` computes the features by
which the model accepts a candidate and chooses its type.
"""

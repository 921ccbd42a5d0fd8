"""Tags in the database: which articles are due, what the models found, and people's corrections.

The tagging job claims articles that are due and writes their tags back, one transaction per batch.
A correction is stored apart from the model's output and applied again whenever the article is
tagged anew.
"""

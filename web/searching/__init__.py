"""Pages built from many searches: batches, comparisons, coverage, all values of a facet.

Each takes a list of queries or one query, runs the searches and shows or exports the rows.
"""

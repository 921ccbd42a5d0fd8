"""Pages of many searches: a list of them, some beside each other, all values of a facet."""

"""Display preferences: language, time zone, layout and length of lists.

They are stored in a cookie of the reader and not on the server. `reader.preferences` returns those
of the current request.
"""

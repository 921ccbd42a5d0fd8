"""Serving the application: the WSGI servers, response headers, CORS, conditional requests.

`serve` runs Waitress in this process, and `processes` runs several with Gunicorn. The other modules
are WSGI middleware and hooks that the application registers.
"""

"""Serving the application: the process that listens and the headers of every answer."""

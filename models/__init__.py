"""The data model: dataclasses, pure decisions about them, and the exception hierarchy.

Every other package imports these types and passes them on; this one imports only Python's standard
library. Nothing here reads a file, a database or the network, so all of it can be tested without
them.
"""

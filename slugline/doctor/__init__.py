"""The checks of `slugline doctor`, one module per part of the home directory.

Each check looks at its part without changing it and returns findings: what is wrong and how to
repair it.
"""

"""The application: the command line, the settings, and the jobs that connect the other packages.

`cli` dispatches to `commands`; a command opens the store, the search engine and the models through
`factory` and runs a job from `jobs` or `feeds`. This is the only package that reads the
environment, and nothing imports it.
"""

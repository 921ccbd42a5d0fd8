"""The commands of the command line, one module each.

A command parses options, opens what it needs through `slugline.context`, calls the code that does
the work, and reports the result as text or JSON.
"""

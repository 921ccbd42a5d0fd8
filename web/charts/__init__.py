"""Charts as data for inline SVG: bars and lines over time, sparklines, the graph of entities.

Each module takes counts and returns coordinates and labels; templates draw them. No scripts are
involved.
"""

"""The HTML pages of articles, entities, topics, stories and searches, one Flask blueprint each.

A view reads the request, asks the library and renders a template. `registry` lists all blueprints.
Pages of larger subjects, such as lists and alerts, are in packages of their own.
"""

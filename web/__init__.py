"""The web application: HTML pages and the JSON API, in Flask.

`web.app.create_app` builds the application from a `Library`, which holds the store, the searcher
and the topics. Views read from the library and render templates or JSON; they know neither settings
nor files.
"""

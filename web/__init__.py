"""The pages that people search and browse in; `web.app.create_app` makes the application."""

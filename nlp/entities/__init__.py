"""From spans that a pipeline marks to the people, organisations and places of an article."""

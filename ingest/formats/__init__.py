"""Other ways in: tables, sitemaps of news, mail."""

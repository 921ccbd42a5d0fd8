"""The pages in other languages: their English texts are the messages, catalogs are beside this."""

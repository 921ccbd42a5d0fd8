"""Stories in the database: their articles, their counts by day, and the edits that people made.

`slugline.jobs.stories` writes what the story detector found. The pages and the command line read
stories from here and merge, split, rename or pin them; each of these edits can be undone.
"""

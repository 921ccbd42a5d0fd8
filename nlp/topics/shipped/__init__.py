"""The build of the topic model that comes with Slugline; not imported when articles are tagged.

`build` trains the model from an archive and writes the files in the package data, together with a
model card. A test checks that nothing else imports this package.
"""

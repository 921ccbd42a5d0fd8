"""What the articles of a topic fall into by themselves."""

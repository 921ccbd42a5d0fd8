"""Commands about people: who may sign in, what they changed, what they keep."""

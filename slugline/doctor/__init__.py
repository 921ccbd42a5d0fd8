"""What `slugline doctor` looks at, one module a part of the home, and how to mend each."""

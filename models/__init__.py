"""What the data is: dataclasses, decisions about them, and errors."""

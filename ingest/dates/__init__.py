"""Publication dates: parsing the formats that publishers use, and rejecting implausible dates.

`parse.read_date` takes the text of a date and returns a UTC datetime. The other modules hold the
names of months, weekdays and time zones in many languages, and East Asian notations.
"""

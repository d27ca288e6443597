"""When: time expressions of a text, their calendar values, and when an incident happened."""

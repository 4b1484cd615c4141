"""The pure part: same input, same output. No clock, broker, file, randomness or log line."""

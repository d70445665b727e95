"""Personal data in texts: found by patterns and check digits, masked by consistent placeholders."""

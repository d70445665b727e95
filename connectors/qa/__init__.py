"""Questions and answers a company has: FAQ sheets, training data, help-desk exports."""

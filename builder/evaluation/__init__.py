"""How well the bot answers: arms compared on held-out questions, and the report."""

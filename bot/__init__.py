"""Rasa side of Milepost: NLU components, the private channel, the tracker store."""

"""Journeys: each keeps one promise, told with the cast."""

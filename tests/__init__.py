"""Tests that cross rooms: journeys, architecture, simulation, load."""

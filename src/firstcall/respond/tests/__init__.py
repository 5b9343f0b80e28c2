"""Tests of respond."""

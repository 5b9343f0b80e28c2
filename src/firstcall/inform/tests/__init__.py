"""Tests of inform."""

"""Tests of ready."""

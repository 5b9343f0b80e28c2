"""Shifts as calendars (iCalendar, RFC 5545), read and written."""

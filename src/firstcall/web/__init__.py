"""Settings, urls, the front door, base templates, design system, command line."""

"""The front door: intake, published pages and live streams as bytes, Django under WSGI for everything else."""

"""Django under WSGI, for the front door's thread pool."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "firstcall.web.settings")
application = get_wsgi_application()

"""What granian serves: `granian --interface wsgi meg.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "meg.settings")

application = get_wsgi_application()

from meg.checks import refuse_demonstration_users  # noqa: E402 - Django is set up by the line above

refuse_demonstration_users()

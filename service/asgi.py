"""The application that the server's processes load."""

from service.application import create_application
from service.observability import configure_logs
from service.settings import read_settings

configure_logs()
application = create_application(read_settings())

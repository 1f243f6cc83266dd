"""How the web server runs: a few processes of a few threads; all of it can be set from outside."""

import os

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "8"))
timeout = 30  # seconds until a stuck process is replaced
graceful_timeout = 20
max_requests = 20_000  # a process is renewed after so many, against slow leaks
max_requests_jitter = 2_000
loglevel = "warning"  # requests are logged by the site itself, without addresses
control_socket_disable = True

"""One page with every service's OpenAPI. Its script and style come from an installed package: no internet is needed."""

import html
from collections.abc import Awaitable, Callable
from importlib.resources import files
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles

SERVICES = ("catalog", "orders", "stalls", "notify")
STATIC = Path(str(files("fastapi_offline") / "static"))

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Bachat Haat · {service} API</title>
<link rel="icon" href="/docs/static/favicon.png">
<link rel="stylesheet" href="/docs/static/swagger-ui.css">
<style>
  body {{ margin: 0; }}
  nav {{ display: flex; gap: 1rem; align-items: baseline; padding: .75rem 1.5rem; background: #4a1d3f; }}
  nav * {{ color: #fff; font: 1rem system-ui, sans-serif; }}
  nav a[aria-current] {{ font-weight: 700; text-decoration: none; }}
</style>
</head>
<body>
<nav aria-label="Services"><strong>बचत हाट · Bachat Haat</strong>{links}</nav>
<main id="api"></main>
<script src="/docs/static/swagger-ui-bundle.js"></script>
<script>
  SwaggerUIBundle({{ url: "/openapi/{service}.json", dom_id: "#api", deepLinking: true, persistAuthorization: true }});
</script>
</body>
</html>
"""


def page(service: str) -> str:
    """The HTML of one service's page, with links to the others."""
    links = "".join(_link(name, current=name == service) for name in SERVICES)
    return PAGE.format(service=html.escape(service), links=links)


def serve(app: FastAPI) -> None:
    """Adds `/docs`, `/docs/<service>` and the static files below `/docs/static`."""
    app.mount("/docs/static", StaticFiles(directory=STATIC))
    for service in SERVICES:
        app.add_api_route(f"/docs/{service}", _endpoint(service), response_class=HTMLResponse)
    app.add_api_route("/docs", _endpoint(SERVICES[0]), response_class=HTMLResponse)


def _endpoint(service: str) -> Callable[[], Awaitable[str]]:
    async def shown() -> str:
        return page(service)

    return shown


def _link(service: str, *, current: bool) -> str:
    mark = ' aria-current="page"' if current else ""
    return f'<a href="/docs/{service}"{mark}>{service}</a>'

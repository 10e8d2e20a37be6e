"""docs/openapi/<service>.json: what each service answers under /v1, from the app it really serves."""

from importlib import import_module
from typing import Any

from shared.service import Service
from shared.testing import FakeStores, Signer, app_of
from tools.contracts.files import OPENAPI, Files, as_json

SERVICES = ("catalog", "orders", "stalls", "notify")
SETTINGS = {"notify": {"sms_provider_url": "http://127.0.0.1:9", "sms_callback_secret": "nobody-is-called"}}


def service(name: str) -> Service:
    wired: Service = import_module(f"services.{name}.wiring").SERVICE
    return wired


def document(name: str) -> dict[str, Any]:
    """No server is asked: describing the routes needs none."""
    wired = service(name)
    return app_of(wired, FakeStores(*wired.kinds), Signer(), **SETTINGS.get(name, {})).openapi()


def documents() -> Files:
    return {OPENAPI / f"{name}.json": as_json(document(name)) for name in SERVICES}

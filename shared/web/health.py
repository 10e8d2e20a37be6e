"""What a kubelet, a gateway and Prometheus ask of every process."""

from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import JSONResponse, Response

from shared import metrics
from shared.health import Health


def routes(health: Health) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/livez")
    async def livez() -> Response:
        return JSONResponse({"status": "alive"})

    @router.get("/readyz")
    async def readyz() -> Response:
        report = await health.ready()
        said = {"status": "ready" if report.ready else "not ready", "parts": report.parts}
        return JSONResponse(said, status_code=200 if report.ready else 503)

    @router.get("/metrics")
    async def figures() -> Response:
        report = await health.ready()
        metrics.READY.set(report.ready)
        for part, said in report.parts.items():
            metrics.PART_OK.labels(part).set(said == "ok")
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router

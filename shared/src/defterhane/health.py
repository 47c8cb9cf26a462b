"""What an orchestrator and a monitor ask: /healthz (alive), /readyz (able to work), /metrics (Prometheus)."""

from collections.abc import Awaitable, Callable, Mapping

from fastapi import FastAPI
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

Check = Callable[[], Awaitable[None]]


def health_app(checks: Mapping[str, Check]) -> FastAPI:
    """The health endpoints. A check raises where what it looks at does not work; its message is not shown."""
    app = FastAPI(openapi_url=None)

    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/readyz")
    async def readyz() -> JSONResponse:
        found: dict[str, str] = {}
        for name, check in checks.items():
            try:
                await check()
            except Exception as error:
                found[name] = type(error).__name__
            else:
                found[name] = "ok"
        ready = all(state == "ok" for state in found.values())
        return JSONResponse({"ready": ready, "checks": found}, status_code=200 if ready else 503)

    @app.get("/metrics")
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return app

"""Traces through the bus (OpenTelemetry) and the metrics that an operator would alert on (Prometheus)."""

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from prometheus_client import Counter, Gauge, Histogram

from defterhane.settings import Settings

_PROPAGATOR = TraceContextTextMapPropagator()

EVENTS_PUBLISHED = Counter("defterhane_events_published_total", "Events that left an outbox", ["service", "type"])
EVENTS_HANDLED = Counter(
    "defterhane_events_handled_total", "Events handled, by how it ended", ["consumer", "type", "outcome"]
)
HANDLING_SECONDS = Histogram(
    "defterhane_handling_seconds",
    "How long handling an event took",
    ["consumer"],
    buckets=(0.01, 0.05, 0.25, 1, 5, 30, 120, 600),
)
OUTBOX_WAITING = Gauge("defterhane_outbox_waiting", "Events that wait in an outbox", ["service"])
OUTBOX_OLDEST = Gauge("defterhane_outbox_oldest_seconds", "Age of the oldest waiting event", ["service"])
DEAD_LETTERS = Counter("defterhane_dead_letters_total", "Events given up until an operator replays them", ["consumer"])


def configure_telemetry(settings: Settings, service: str) -> None:
    """Start tracing in this process. Traces are always passed on; they leave only where a collector is set."""
    provider = TracerProvider(resource=Resource.create({"service.name": service}))
    if settings.otlp_endpoint:
        exporter = OTLPSpanExporter(endpoint=f"{settings.otlp_endpoint.rstrip('/')}/v1/traces")
        provider.add_span_processor(BatchSpanProcessor(exporter))
    trace.set_tracer_provider(provider)


def current_traceparent() -> str | None:
    """The current trace in W3C form, to travel with an event."""
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier)
    return carrier.get("traceparent")


@contextmanager
def span(name: str, traceparent: str | None = None, **attributes: str) -> Iterator[None]:
    """A span; it continues `traceparent` where one is given."""
    context = _PROPAGATOR.extract({"traceparent": traceparent}) if traceparent else None
    tracer = trace.get_tracer("defterhane")
    with tracer.start_as_current_span(name, context=context, attributes=attributes):
        yield

"""Traces for a collector that the school runs itself; off unless it names one.

Spans carry names and times, never what a person wrote or who they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Tracer

NAME = "milepost"
TRACED = "/api/v1/messages", "/chat/messages", "/internal/actions"


class _Tracing:
    """Where spans go; nowhere until it is set up."""

    tracer: Tracer | None = None
    provider: TracerProvider | None = None


def set_up_traces(address: str) -> None:
    """Send spans to an OTLP/HTTP collector; an empty address sends none."""
    if not address or _Tracing.tracer is not None:
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource({"service.name": NAME}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(address)))
    _Tracing.provider, _Tracing.tracer = provider, provider.get_tracer(NAME)


def close() -> None:
    """Send what waits and trace no more, before the process ends."""
    if _Tracing.provider is not None:
        _Tracing.provider.shutdown()
    _Tracing.provider = _Tracing.tracer = None


@contextmanager
def of_request(headers: Mapping[str, str], path: str) -> Iterator[None]:
    """Trace a request that belongs to a turn, as part of the caller's trace."""
    if _Tracing.tracer is None or path not in TRACED:
        yield
        return
    from opentelemetry import context

    caller = _propagator().extract(dict(headers))
    token = context.attach(caller)
    try:
        with span(path):
            yield
    finally:
        context.detach(token)


def span(name: str, **facts: str | int) -> AbstractContextManager[Any]:
    """Trace a part of what runs; `facts` must not be personal."""
    if _Tracing.tracer is None:
        return nullcontext()
    return _Tracing.tracer.start_as_current_span(name, attributes=facts)


def passed_on() -> dict[str, str]:
    """Return the headers by which the next process joins this trace."""
    carrier: dict[str, str] = {}
    if _Tracing.tracer is not None:
        _propagator().inject(carrier)
    return carrier


@cache
def _propagator() -> Any:
    from opentelemetry.trace.propagation.tracecontext import (
        TraceContextTextMapPropagator,
    )

    return TraceContextTextMapPropagator()

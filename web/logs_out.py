"""Log lines for a collector on another machine; off unless the school names one.

Who holds this machine can't change what is logged there (ASVS 16.4.2, 16.4.3). Lines
are the same as in the file: no text and no name of a person is in them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opentelemetry._logs import Logger
    from opentelemetry.sdk._logs import LoggerProvider

NAME = "milepost"


class _Shipping:
    """Where lines go; nowhere until it is set up."""

    logger: Logger | None = None
    provider: LoggerProvider | None = None


def set_up_shipping(address: str) -> None:
    """Send log lines to an OTLP/HTTP collector, too; an empty address sends none."""
    if not address or _Shipping.provider is not None:
        return
    from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
    from opentelemetry.sdk._logs import LoggerProvider
    from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
    from opentelemetry.sdk.resources import Resource

    provider = LoggerProvider(resource=Resource({"service.name": NAME}))
    provider.add_log_record_processor(BatchLogRecordProcessor(OTLPLogExporter(address)))
    _Shipping.provider, _Shipping.logger = provider, provider.get_logger(NAME)


def ship(line: str) -> None:
    """Send a line on, in the background; it is never waited for."""
    if _Shipping.logger is not None:
        _Shipping.logger.emit(body=line)


def close() -> None:
    """Send what waits and nothing more, before the process ends."""
    if _Shipping.provider is not None:
        _Shipping.provider.shutdown()
    _Shipping.provider = _Shipping.logger = None

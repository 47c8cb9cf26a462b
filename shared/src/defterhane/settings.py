"""Settings that every service has. They come from the environment (`DEFTERHANE_…`) or, with `_FILE` added to a
variable's name, from the file that it names: so that secrets need not stand in the environment."""

from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict


class _FromFiles(EnvSettingsSource):
    """Reads `DEFTERHANE_X` from the file that `DEFTERHANE_X_FILE` names; a final line end is dropped."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        _, key, is_complex = self._extract_field_info(field, field_name)[0]
        path = self.env_vars.get(f"{key}_file")
        value = Path(path).read_text("utf-8").rstrip("\r\n") if path else None
        return value, key, is_complex


class Settings(BaseSettings):
    """What every process needs to know."""

    model_config = SettingsConfigDict(env_prefix="DEFTERHANE_", extra="ignore", frozen=True)

    database_url: SecretStr
    """`postgresql://user:password@host:port/name`, of a role that row-level security binds."""
    database_connections: int = Field(default=10, ge=2, le=200)
    """Connections kept open to the database; as many again may be opened for a while."""
    bus_url: SecretStr = SecretStr("postgres:")
    """`amqp://…` for RabbitMQ, or `postgres:` for the one-machine carrier."""
    objects_url: str
    """Where objects lie: `file:///folder` or `s3://bucket/prefix`."""
    s3_endpoint: str | None = None
    s3_region: str = "us-east-1"
    s3_access_key: SecretStr | None = None
    s3_secret_key: SecretStr | None = None
    scratch: Path | None = None
    """Folder for files that live as long as one piece of work; None = the system's."""
    processes: int = Field(default=2, ge=1, le=64)
    """Child processes for heavy work."""
    health_host: str = "127.0.0.1"
    health_port: int = Field(default=0, ge=0, le=65535)
    """Where /healthz, /readyz and /metrics answer; 0 = any free port."""
    http_host: str = "127.0.0.1"
    http_port: int = Field(default=0, ge=0, le=65535)
    """Where a service that has pages or an API answers; 0 = any free port."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["json", "console"] = "json"
    otlp_endpoint: str | None = None
    """OTLP/HTTP collector for traces, such as `http://collector:4318`; None = no traces leave."""
    retry_seconds: tuple[float, ...] = (1, 5, 30, 120, 600)
    """How long a failed event waits before it is tried again: one step further each time, then the last."""
    max_attempts: int = Field(default=10, ge=1)
    """After so many failures that nobody foresaw an event goes to the dead letters."""
    lease_seconds: float = Field(default=15, gt=0)
    """So long after a worker's death its work is taken over."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, _FromFiles(settings_cls)

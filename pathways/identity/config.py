"""The file of the schools' own sign-in: OIDC providers and LTI platforms.

It names secrets by their environment variable, or holds them itself; so nobody but
its owner may read it. Nothing of it is ever stored in the database.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from pathways.yaml_file import read_yaml

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class IdentityError(ValueError):
    """The file can't be used; the message says what to change, never a secret."""


def on_loopback(address: str) -> bool:
    """Tell whether an address is on this machine."""
    return urlsplit(address).hostname in LOOPBACK


def safe_address(value: str) -> str:
    """Return an address that is https, or on this machine.

    Raises:
        ValueError: it is neither, or carries a name or a fragment.
    """
    parts = urlsplit(value)
    secure = parts.scheme == "https" or (parts.scheme == "http" and on_loopback(value))
    if not secure or not parts.hostname or parts.username or parts.fragment:
        raise ValueError("write an https address")
    return value


Address = Annotated[str, AfterValidator(safe_address)]
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
Match = Literal["source_id", "username"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class OpenID(_Strict):
    """An OpenID provider of a school, such as its directory.

    Attributes:
        name: stands in addresses, once in the file.
        school: the code of the school whose people it knows.
        label: what the button says.
        claim: the claim of the id_token that names the person.
        match: what it is compared with, from the school's import.
        checks_second_factor: the provider asks staff for a second factor itself.
    """

    name: Name
    school: str
    label: str = Field(min_length=1, max_length=60)
    issuer: Address
    client_id: str
    client_secret: str = Field("", repr=False)
    client_secret_env: str = ""
    claim: str = "sub"
    match: Match = "source_id"
    scopes: tuple[str, ...] = ("openid",)
    checks_second_factor: bool = False

    @model_validator(mode="after")
    def _one_secret(self) -> OpenID:
        if bool(self.client_secret) == bool(self.client_secret_env):
            raise ValueError("give client_secret or client_secret_env, one of them")
        return self

    @property
    def secret(self) -> str:
        """The client's secret, from the environment or the file.

        Raises:
            IdentityError: the environment variable is not set.
        """
        found = self.client_secret or os.environ.get(self.client_secret_env, "")
        if not found:
            raise IdentityError(f"{self.client_secret_env} is not set.")
        return found


class Platform(_Strict):
    """A learning platform that launches Milepost by LTI 1.3, for one school."""

    name: Name
    school: str
    issuer: Address
    client_id: str
    deployments: tuple[str, ...] = Field(min_length=1)
    login_url: Address
    keys_url: Address
    claim: str = "sub"
    match: Match = "source_id"
    checks_second_factor: bool = False


class Identity(_Strict):
    """All of the file; `address` is where people's browsers reach Milepost."""

    address: Address
    openid: tuple[OpenID, ...] = ()
    lti: tuple[Platform, ...] = ()

    @model_validator(mode="after")
    def _names_once(self) -> Identity:
        names = [one.name for one in self.openid] + [one.name for one in self.lti]
        if len(names) != len(set(names)):
            raise ValueError("each name may stand once")
        return self


def read_identity(file: Path) -> Identity:
    """Read the file of the schools' own sign-in.

    Raises:
        IdentityError: it is not there, others may read it, or something in it can't
            be used.
    """
    try:
        mode = stat.S_IMODE(file.stat().st_mode)
        if mode & 0o077:
            raise IdentityError(f"{file.name}: others may read it. Run: chmod 600.")
        return Identity.model_validate(read_yaml(file))
    except OSError:
        raise IdentityError(f"{file.name}: the file can't be read.") from None
    except yaml.YAMLError:
        raise IdentityError(f"{file.name}: this is not YAML.") from None
    except ValidationError as error:
        raise IdentityError(f"{file.name}: {_sentences(error)}") from None


def _sentences(error: ValidationError) -> str:
    return " ".join(
        f"{'.'.join(str(part) for part in item['loc'])}: "
        f"{item['msg'].removeprefix('Value error, ')}."
        for item in error.errors(include_input=False, include_url=False)
    )

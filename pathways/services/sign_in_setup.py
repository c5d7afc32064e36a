"""Which ways of signing in are on, and what a school's own system must be told.

Nothing here is a secret: addresses, names, and whether something is set.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from pathways.app import Milepost
from pathways.identity.config import (
    Identity,
    IdentityError,
    OpenID,
    Platform,
    on_loopback,
)
from pathways.services.access import STAFF, Actor, Role, require, school_of
from pathways.services.handshakes import identity_of
from pathways.store.identity_models import SecondFactor
from pathways.store.models import Person
from pathways.store.unit_of_work import UnitOfWork

NOWHERE = "https://milepost.school.example"


@dataclass(frozen=True)
class Provider:
    """A school's own system.

    Attributes:
        addresses: (which, address) to write into that system.
        missing: the environment variable that is not set, or nothing.
        asks_staff: it asks staff for a second factor itself.
    """

    name: str
    label: str
    issuer: str
    client_id: str
    claim: str
    match: str
    addresses: tuple[tuple[str, str], ...]
    missing: str
    asks_staff: bool


@dataclass(frozen=True)
class SignInSetup:
    """The page's content.

    Attributes:
        file: whether an identity file is named.
        problem: why it can't be used, or nothing.
        address: where people's browsers reach Milepost.
        address_is: `example` where none is set, `local` on this machine only, `other`
            where it differs from the address in notices, or `set`.
        example: (which, address) as they will be, where a system is not set up yet.
        passwords: people of the school who have a password here.
        staff: members of staff who can sign in.
        with_code: those of them who have a code app.
    """

    file: bool
    problem: str
    address: str
    address_is: str
    openid: tuple[Provider, ...]
    lti: tuple[Provider, ...]
    example: tuple[tuple[str, str], ...]
    passwords: int
    staff: int
    with_code: int
    must: bool


def sign_in_setup(milepost: Milepost, actor: Actor) -> SignInSetup:
    """Return how people of the actor's school can sign in.

    Raises:
        NotFound: the actor is not an administrator.
    """
    require(actor, Role.ADMIN)
    problem, identity = "", None
    try:
        identity = identity_of(milepost)
    except IdentityError as error:
        problem = str(error)
    public = milepost.settings.public_url
    address = (identity.address if identity else public or NOWHERE).rstrip("/")
    with milepost.work() as work:
        school = school_of(work, actor)
        openid, lti = _providers(identity, school.code, address)
        return SignInSetup(
            file=milepost.settings.identity_file is not None,
            problem=problem,
            address=address,
            address_is=_kind_of(identity, address, public),
            openid=openid,
            lti=lti,
            example=(*_openid_addresses(address, "NAME"), *_lti_addresses(address)),
            passwords=_people(work, actor, Person.password_hash.is_not(None)),
            staff=_people(work, actor, Person.role.in_(STAFF)),
            with_code=_with_code(work, actor),
            must=school.staff_second_factor,
        )


def _kind_of(identity: Identity | None, address: str, public: str) -> str:
    if address == NOWHERE:
        return "example"
    if on_loopback(address):
        return "local"
    differs = identity is not None and public and public.rstrip("/") != address
    return "other" if differs else "set"


def _providers(
    identity: Identity | None, school: str, address: str
) -> tuple[tuple[Provider, ...], tuple[Provider, ...]]:
    if identity is None:
        return (), ()
    openid = tuple(
        _provider(one, one.label, _openid_addresses(address, one.name), _missing(one))
        for one in identity.openid
        if one.school == school
    )
    lti = tuple(
        _provider(one, one.name, _lti_addresses(address), "")
        for one in identity.lti
        if one.school == school
    )
    return openid, lti


def _provider(
    one: OpenID | Platform,
    label: str,
    addresses: tuple[tuple[str, str], ...],
    missing: str,
) -> Provider:
    return Provider(
        one.name,
        label,
        one.issuer,
        one.client_id,
        one.claim,
        one.match,
        addresses,
        missing,
        one.checks_second_factor,
    )


def _openid_addresses(address: str, name: str) -> tuple[tuple[str, str], ...]:
    return (("redirect", f"{address}/sign-in/with/{name}/back"),)


def _lti_addresses(address: str) -> tuple[tuple[str, str], ...]:
    return (("login", f"{address}/lti/login"), ("launch", f"{address}/lti/launch"))


def _missing(one: OpenID) -> str:
    try:
        return "" if one.secret else one.client_secret_env
    except IdentityError:
        return one.client_secret_env


def _people(work: UnitOfWork, actor: Actor, condition: ColumnElement[bool]) -> int:
    query = (
        select(func.count())
        .select_from(Person)
        .where(Person.school_id == actor.school_id, Person.active, condition)
    )
    return int(work.session.scalars(query).one())


def _with_code(work: UnitOfWork, actor: Actor) -> int:
    theirs = select(Person.id).where(
        Person.school_id == actor.school_id, Person.active, Person.role.in_(STAFF)
    )
    query = select(func.count()).where(SecondFactor.person_id.in_(theirs))
    return int(work.session.scalars(query).one())

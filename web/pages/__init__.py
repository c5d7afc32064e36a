"""The pages that people see, one module for each part of the house."""

from fastapi import APIRouter

from web.pages import (
    admin,
    advisor,
    catalog,
    chat,
    credit,
    experiences,
    family,
    graduation,
    person,
    plan,
    session,
    summaries,
)

routers: list[APIRouter] = [
    session.router,
    chat.router,
    plan.router,
    summaries.router,
    person.router,
    advisor.router,
    catalog.router,
    family.router,
    credit.router,
    experiences.router,
    graduation.router,
    admin.router,
]

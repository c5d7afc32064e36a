"""The pages that people see, one module for each part of the house."""

from fastapi import APIRouter

from web.pages import (
    admin,
    advisor,
    catalog,
    catalog_check,
    chat,
    credit,
    data_requests,
    duty,
    equity,
    experiences,
    family,
    graduation,
    ideas,
    imports,
    incidents,
    my_data,
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
    incidents.router,
    duty.router,
    catalog_check.router,
    catalog.router,
    family.router,
    credit.router,
    experiences.router,
    graduation.router,
    my_data.router,
    data_requests.router,
    imports.router,
    equity.router,
    ideas.router,
    admin.router,
]

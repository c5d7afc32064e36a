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
    demand,
    duty,
    experiences,
    family,
    graduation,
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
    demand.router,
    catalog.router,
    family.router,
    credit.router,
    experiences.router,
    graduation.router,
    my_data.router,
    data_requests.router,
    imports.router,
    admin.router,
]
